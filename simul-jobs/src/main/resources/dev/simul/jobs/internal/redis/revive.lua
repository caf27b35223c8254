-- Puts a job that has ended, or waits for its time or for others, on its queue.
--
-- KEYS  1 the job's hash
-- ARGV  1 job id   2 queue whose registries to look in   3 1: to the front of its queue   4 now as ISO   5... the registries
-- Returns 1, 0 if it stands in none of them, or -1 if it stood in one but the job itself is gone.
local id, queue = ARGV[1], ARGV[2]
local found = 0
for i = 5, #ARGV do
    found = found + redis.call('ZREM', 'rq:' .. ARGV[i] .. ':' .. queue, id)
end
if found == 0 then
    return 0
end
local fields = redis.call('HMGET', KEYS[1], 'data', 'origin', 'ttl', 'rate_limit_key', 'rate_limit_concurrency')
if not fields[1] then
    return -1
end
local origin = fields[2] and fields[2] ~= '' and fields[2] or queue
if not (ARGV[5] == 'deferred' and ARGV[6]) then -- what waits and is only to wait no longer keeps what it has
    redis.call('HSET', KEYS[1], 'origin', origin, 'started_at', '', 'ended_at', '',
        'exc_info', '\120\156\3\0\0\0\0\1')
    if (fields[4] or '') ~= '' then -- whoever hands it a slot looks there
        redis.call('HSET', KEYS[1], 'enqueue_at_front', ARGV[3])
    end
end
redis.call('HDEL', KEYS[1], 'x_stop', 'x_rescues')
-- RQ leaves the life time that a failed job had; a job must not vanish because it waits for longer than that.
redis.call('PERSIST', KEYS[1])
redis.call('PERSIST', 'rq:job:' .. id .. ':dependents')
redis.call('PERSIST', 'rq:job::' .. id .. ':dependencies')
redis.call('SADD', 'rq:queues', 'rq:queue:' .. origin)
enqueue_waiting(id, origin, ARGV[3], fields[3], fields[4], fields[5], ARGV[4], tonumber(redis.call('TIME')[1]))
return 1
