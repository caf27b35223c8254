-- Takes a job back that has not begun.
--
-- KEYS  1 the job's hash   2 the queue's list   3 the queue's canceled registry
-- ARGV  1 job id   2 now in Unix seconds
-- Returns 1, or 0 if the job no longer waits in the list.
if redis.call('LREM', KEYS[2], 1, ARGV[1]) == 0 then
    return 0
end
redis.call('HSET', KEYS[1], 'status', 'canceled')
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
return 1
