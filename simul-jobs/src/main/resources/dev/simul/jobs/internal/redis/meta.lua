-- Writes what a running job keeps with it, unless it was deleted or given up in the meantime.
--
-- KEYS  1 the started registry   2 the job's hash
-- ARGV  1 job id:execution id   2 the values, serialised
-- Returns 1, or 0 if nothing was written.
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) or redis.call('EXISTS', KEYS[2]) == 0 then
    return 0
end
redis.call('HSET', KEYS[2], 'meta', ARGV[2])
return 1
