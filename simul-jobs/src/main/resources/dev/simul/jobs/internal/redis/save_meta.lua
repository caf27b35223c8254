-- Replaces a job's meta, and nothing else.
--
-- KEYS  1 the job's hash
-- ARGV  1 the meta, serialized
-- Returns 1, or 0 if the job is gone: a hash with no other field would end every Python worker that meets it.
if redis.call('EXISTS', KEYS[1]) == 0 then
    return 0
end
redis.call('HSET', KEYS[1], 'meta', ARGV[1])
return 1
