-- What success and failure have in common; finish.lua and fail.lua begin with this text.
--
-- KEYS  1 the worker's hash   2 its executions
-- ARGV  1 worker's name   2 now as ISO   3 now in Unix seconds   4 1: the current job is published
--       5... the outcomes, a fixed number of values each
local worker, iso, now = ARGV[1], ARGV[2], tonumber(ARGV[3])

-- Whether the worker still holds the execution. If not, somebody has given it up in the meantime (a paused worker, a
-- lost connection), the job may be running elsewhere, and its outcome is no longer ours to write.
local function holds(queue, id, execution)
    return redis.call('ZSCORE', 'rq:wip:' .. queue, id .. ':' .. execution)
end

local function leave(queue, id, execution)
    redis.call('DEL', 'rq:execution:' .. id .. ':' .. execution)
    redis.call('ZREM', 'rq:executions:' .. id, execution)
    redis.call('ZREM', 'rq:wip:' .. queue, id .. ':' .. execution)
    if ARGV[4] == '1' then
        redis.call('SREM', KEYS[2], id .. ':' .. execution)
        if redis.call('HGET', KEYS[1], 'current_job') == id then
            redis.call('HDEL', KEYS[1], 'current_job')
        end
    end
end

-- Writes fields of a job's hash; false if the hash has vanished (deleted while the job ran).
local function record(id, ...)
    -- A started job has all of these fields but ended_at, so more than one new field means a new hash.
    if redis.call('HSET', 'rq:job:' .. id, ...) > 1 then
        redis.call('DEL', 'rq:job:' .. id)
        return false
    end
    return true
end

-- The job's keys always share a life time; it mostly has no dependents, which the caller may know.
local function expire(id, ttl, childless)
    redis.call('EXPIRE', 'rq:job:' .. id, ttl)
    redis.call('EXPIRE', 'rq:job::' .. id .. ':dependencies', ttl)
    if not childless then
        redis.call('EXPIRE', 'rq:job:' .. id .. ':dependents', ttl)
    end
end

local function discard(id)
    local group = redis.call('HGET', 'rq:job:' .. id, 'group_id')
    if group and group ~= '' then
        redis.call('SREM', 'rq:group:' .. group, id)
    end
    redis.call('DEL', 'rq:job:' .. id, 'rq:job:' .. id .. ':dependents', 'rq:job::' .. id .. ':dependencies',
        'rq:results:' .. id)
end

local function keep_result(id, ttl, ...)
    local key = 'rq:results:' .. id
    redis.call('XADD', key, 'MAXLEN', 10, '*', 'type', ...)
    if ttl > 0 then
        redis.call('EXPIRE', key, ttl)
    else
        redis.call('PERSIST', key)
    end
end

-- Queues the jobs that waited for this one and have no other parent to wait for. What cannot be read stays where it
-- is. Returns whether there were none at all.
local function release(id, failed)
    local moved = {}
    local children = redis.pcall('SMEMBERS', 'rq:job:' .. id .. ':dependents')
    for _, child in ipairs(children) do
        local key = 'rq:job:' .. child
        local fields = redis.pcall('HMGET', key, 'data', 'status', 'origin', 'allow_dependency_failures',
            'enqueue_at_front', 'ttl')
        local lenient = fields[4] == '1'
        local ready = fields[1] and fields[3] and fields[2] ~= 'canceled' and (lenient or not failed)
        if ready then
            for _, parent in ipairs(redis.pcall('SMEMBERS', 'rq:job::' .. child .. ':dependencies')) do
                local status = parent ~= id and redis.pcall('HGET', 'rq:job:' .. parent, 'status')
                if status and status ~= 'finished' and not (lenient and status == 'failed') then
                    ready = false
                end
            end
        end
        if ready then
            redis.call('ZREM', 'rq:deferred:' .. fields[3], child)
            redis.call('HSET', key, 'status', 'queued', 'enqueued_at', iso)
            if tonumber(fields[6] or '') then
                expire(child, fields[6])
            end
            redis.call(fields[5] == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. fields[3], child)
            moved[#moved + 1] = child
        end
    end
    if #moved > 0 then
        redis.call('SREM', 'rq:job:' .. id .. ':dependents', unpack(moved))
    end
    return #children == 0
end

-- Calls write once per outcome with its values. One outcome that cannot be written must not hold up the others.
-- write returns the seconds worked, or nothing if the execution was not ours any more. Returns what the caller of the
-- script gets: per outcome 1, 0 for an execution that was not ours any more, or the text of an error.
local function each(width, counter, write)
    local replies, count, worked = {}, 0, 0
    for i = 5, #ARGV, width do
        local ok, seconds = pcall(write, unpack(ARGV, i, i + width - 1))
        if not ok then
            replies[#replies + 1] = type(seconds) == 'table' and seconds.err or tostring(seconds)
        elseif seconds then
            replies[#replies + 1] = 1
            count, worked = count + 1, worked + tonumber(seconds)
        else
            replies[#replies + 1] = 0
        end
    end
    if count > 0 then
        redis.call('HINCRBY', KEYS[1], counter, count)
        redis.call('HINCRBYFLOAT', KEYS[1], 'total_working_time', string.format('%.6f', worked))
    end
    if redis.call('HINCRBY', KEYS[1], 'x_java_running', -#replies) <= 0 then
        redis.call('HSET', KEYS[1], 'state', 'idle', 'last_heartbeat', iso)
        redis.call('EXPIRE', KEYS[1], 480)
    end
    return replies
end
