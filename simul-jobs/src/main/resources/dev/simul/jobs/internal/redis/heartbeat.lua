-- Keeps a worker and the executions it holds alive.
--
-- KEYS  1 the worker's hash   2 its executions
-- ARGV  1 worker's name   2 now as ISO   3 now in Unix seconds with fraction   4 the same as a whole number
--       5 seconds until the worker counts as dead   6... per execution: queue, job id, execution id, creation time in
--       Unix seconds, seconds until it counts as abandoned
-- Returns {1 if the worker's hash had vanished, indexes of executions that somebody has given up, indexes of those
-- that somebody wants stopped}, counting from 0.
local worker, iso, unix, now, alive = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])

redis.call('HSET', KEYS[1], 'last_heartbeat', iso)
local vanished = 1 - redis.call('HEXISTS', KEYS[1], 'birth') -- taking and ending jobs leaves a few fields of it too
redis.call('EXPIRE', KEYS[1], alive)
redis.call('EXPIRE', KEYS[2], alive)

local lost, stopped = {}, {}
for i = 6, #ARGV, 5 do
    local queue, id, execution, created, ttl = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], tonumber(ARGV[i + 4])
    local registry, member = 'rq:wip:' .. queue, id .. ':' .. execution
    if redis.call('ZSCORE', registry, member) then
        local hash, executions = 'rq:execution:' .. id .. ':' .. execution, 'rq:executions:' .. id
        -- All fields, for the hash may have expired while we could not reach Redis.
        redis.call('HSET', hash, 'id', execution, 'job_id', id, 'created_at', created, 'last_heartbeat', unix,
            'worker_name', worker)
        redis.call('EXPIRE', hash, ttl)
        redis.call('ZADD', executions, now + ttl + 60, execution)
        redis.call('EXPIRE', executions, ttl + 60)
        redis.call('ZADD', registry, now + ttl, member)
        if redis.call('HGET', 'rq:job:' .. id, 'x_stop') == execution then
            stopped[#stopped + 1] = (i - 6) / 5
        end
        if redis.call('HSET', 'rq:job:' .. id, 'last_heartbeat', iso) == 1 then
            redis.call('DEL', 'rq:job:' .. id) -- deleted while it runs; do not leave half a hash behind
        end
    else
        lost[#lost + 1] = (i - 6) / 5
    end
end
return {vanished, lost, stopped}
