-- Saves a job and puts it on its queue, in one step.
--
-- KEYS  1 rq:queues   2 the queue's list   3 the job's hash   4 its dependents   5 its dependencies
-- ARGV  1 job id   2 RPUSH or LPUSH   3 time to live in seconds, 0 for none   4... field, value, field, value, ...
redis.call('SADD', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[3], unpack(ARGV, 4))
if ARGV[3] ~= '0' then
    for i = 3, 5 do
        redis.call('EXPIRE', KEYS[i], ARGV[3])
    end
end
return redis.call(ARGV[2], KEYS[2], ARGV[1])
