-- Moves up to a number of jobs from their queues' lists to the started registries and marks them started.
--
-- A job is in its list or in its registry at every instant, whatever dies: the ids leave the list last, so that an
-- error on the way (no memory, a key of a wrong type) leaves them in both. RQ's intermediate list is not needed,
-- because nothing can happen between the two halves of one script.
--
-- What no RQ program could load never becomes a job: an id without a hash is dropped, as RQ does; an id with other
-- characters than RQ allows, or with a key that is no job, goes to a list of its own, because in a registry it would
-- end every Python worker that cleans up there.
--
-- KEYS  1 rq:suspended   2 the worker's hash   3 its executions
--       4... for each queue, first comes first: its list, its started registry, its list of unreadable ids
-- ARGV  1 worker's name   2 now as ISO   3 now in Unix seconds with fraction   4 the same as a whole number
--       5 heartbeat interval in seconds   6 1: publish the current job   7 how many jobs at most
--       8 first 24 digits of the execution ids
-- Returns {1} if all workers are suspended, else {0, jobs, ids put aside, 1: nothing is left}; a job is {index of its
-- queue, id, execution id, data, timeout, result_ttl, failure_ttl}, and an eighth value for a job that asks for more:
-- the fields of that in the order of special() below. An index counts from 0.
local worker, iso, unix, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local interval, publish, limit = tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[7])

if redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('HSET', KEYS[2], 'state', 'suspended', 'last_heartbeat', iso)
    redis.call('EXPIRE', KEYS[2], 480)
    return {1}
end

local function start(registry, id, execution, timeout)
    local alive = interval + 60
    if timeout and timeout > 0 and timeout < interval then
        alive = timeout + 60
    end
    local hash, executions = 'rq:execution:' .. id .. ':' .. execution, 'rq:executions:' .. id
    redis.call('HSET', hash, 'id', execution, 'job_id', id, 'created_at', unix, 'last_heartbeat', unix,
        'worker_name', worker)
    redis.call('EXPIRE', hash, alive)
    redis.call('ZADD', executions, now + alive + 60, execution)
    redis.call('EXPIRE', executions, alive + 60)
    redis.call('ZADD', registry, now + alive, id .. ':' .. execution)
    redis.call('HSET', 'rq:job:' .. id, 'status', 'started', 'started_at', iso, 'last_heartbeat', iso,
        'worker_name', worker)
    redis.call('PERSIST', 'rq:job:' .. id)
    if publish then
        redis.call('SADD', KEYS[3], id .. ':' .. execution)
        redis.call('HSET', KEYS[2], 'current_job', id, 'current_job_working_time', '0')
    end
end

-- What only some jobs ask for; one more command for those, none for others.
local function special(id, success, failure, webhooks, repeats, limit)
    if (success or '') == '' and (failure or '') == '' and not webhooks and not repeats and not limit then
        return nil
    end
    local more = redis.call('HMGET', 'rq:job:' .. id, 'success_callback_timeout', 'failure_callback_timeout',
        'enqueued_at')
    return {success, failure, webhooks, repeats, limit, more[1], more[2], more[3]}
end

local jobs, aside, taken = {}, {}, 0
for k = 4, #KEYS, 3 do
    if taken == limit then
        break
    end
    local ids = redis.call('LRANGE', KEYS[k], 0, limit - taken - 1)
    taken = taken + #ids
    for _, id in ipairs(ids) do
        local fields = {}
        local valid = string.match(id, '^[A-Za-z0-9_-]+$')
        if valid then
            fields = redis.pcall('HMGET', 'rq:job:' .. id, 'data', 'timeout', 'result_ttl', 'failure_ttl',
                'success_callback_name', 'failure_callback_name', 'webhooks', 'repeats_left', 'rate_limit_key')
        end
        if fields[1] then
            local execution = string.format('%s%08x', ARGV[8], #jobs)
            start(KEYS[k + 1], id, execution, tonumber(fields[2] or ''))
            jobs[#jobs + 1] = {(k - 4) / 3, id, execution, fields[1], fields[2], fields[3], fields[4],
                special(id, unpack(fields, 5, 9))}
        elseif not valid or redis.call('EXISTS', 'rq:job:' .. id) == 1 then
            redis.call('RPUSH', KEYS[k + 2], id)
            aside[#aside + 1] = id
        end
    end
    if #ids > 0 then
        redis.call('LTRIM', KEYS[k], #ids, -1)
    end
end

if #jobs > 0 then
    redis.call('HSET', KEYS[2], 'state', 'busy', 'last_heartbeat', iso)
    redis.call('HINCRBY', KEYS[2], 'x_java_running', #jobs)
    redis.call('EXPIRE', KEYS[2], interval + 60)
    if publish then
        redis.call('EXPIRE', KEYS[3], interval + 60)
    end
end
return {0, jobs, aside, taken < limit and 1 or 0}
