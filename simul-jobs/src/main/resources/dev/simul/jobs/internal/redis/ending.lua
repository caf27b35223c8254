-- What success and failure have in common; finish.lua and fail.lua begin with job.lua and this text.
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

-- Calls write once per outcome with its values; counter is the worker's field that counts them, if any. One outcome that cannot be written must not hold up the others.
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
    if count > 0 and counter then
        redis.call('HINCRBY', KEYS[1], counter, count)
        redis.call('HINCRBYFLOAT', KEYS[1], 'total_working_time', string.format('%.6f', worked))
    end
    if redis.call('HINCRBY', KEYS[1], 'x_java_running', -#replies) <= 0 then
        redis.call('HSET', KEYS[1], 'state', 'idle', 'last_heartbeat', iso)
        redis.call('EXPIRE', KEYS[1], 480)
    end
    return replies
end
