-- What the ways to end an execution have in common; finish.lua, fail.lua and retry.lua begin with job.lua and this
-- text.
--
-- KEYS  1 the worker's hash   2 its executions
-- ARGV  1 worker's name   2 now as ISO   3 now in Unix seconds
--       4 1 if the current job is published, else 0; then letters: r all workers are RQ 3.0, d failures are not kept
--       5... the outcomes, a fixed number of values each
local worker, iso, now = ARGV[1], ARGV[2], tonumber(ARGV[3])
local publish = string.sub(ARGV[4], 1, 1) == '1'

local NOT_OURS, ENDED, RUNS_AGAIN, WRITTEN_BEFORE = 0, 1, 2, 3

-- Whether the worker still holds the execution. If not, somebody has given it up in the meantime (a paused worker, a
-- lost connection), the job may be running elsewhere, and its outcome is no longer ours to write.
local function holds(queue, id, execution)
    return redis.call('ZSCORE', 'rq:wip:' .. queue, id .. ':' .. execution)
end

-- Why an execution is not held. A connection that was lost and came back sends a script again, which may have run the
-- first time; the execution then has the newest result.
local function missed(id, execution)
    local newest = redis.pcall('XREVRANGE', 'rq:results:' .. id, '+', '-', 'COUNT', 1)[1]
    for i, value in ipairs(newest and newest[2] or {}) do
        if value == 'execution_id' and newest[2][i + 1] == execution then
            return nil, WRITTEN_BEFORE
        end
    end
    return nil, NOT_OURS
end

local function leave(queue, id, execution)
    redis.call('DEL', 'rq:execution:' .. id .. ':' .. execution)
    redis.call('ZREM', 'rq:executions:' .. id, execution)
    redis.call('ZREM', 'rq:wip:' .. queue, id .. ':' .. execution)
    if publish then
        redis.call('SREM', KEYS[2], id .. ':' .. execution)
        if redis.call('HGET', KEYS[1], 'current_job') == id then
            redis.call('HDEL', KEYS[1], 'current_job')
        end
    end
end

-- Lets the children go, unless somebody has canceled the job while it ran; so this comes before its end is written.
-- Returns whether it has none.
local function release_unless_canceled(id, failed)
    if redis.pcall('SCARD', 'rq:job:' .. id .. ':dependents') == 0 then
        return true
    elseif redis.pcall('HGET', 'rq:job:' .. id, 'status') == 'canceled' then
        return false
    end
    return release(id, failed, iso, now)
end

-- Hands the slot of the job's rate limit on, if it has one. special is what the worker knows of a job that is not
-- plain: 1 or 0 for whether it is to be repeated, then the key of the limit.
local function give_slot_back(id, special)
    if #special > 1 then
        pcall(free_slot, id, string.sub(special, 2), iso, now)
    end
end

-- Sends a job that has run, and whose hash is written, on its way to the next run: now, or after some seconds.
-- Returns whether its slot is free until then.
local function run_again(queue, id, seconds, front, ttl)
    if seconds > 0 then
        redis.call('HSET', 'rq:job:' .. id, 'status', 'scheduled')
        schedule(id, queue, seconds, now)
    else
        redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'enqueued_at', iso)
        redis.call(front == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, id)
    end
    expire_waiting(id, ttl)
    return seconds > 0
end

-- Calls write once per outcome with its values; counter is the worker's field that counts them, if any. One outcome
-- that cannot be written must not hold up the others. write returns the seconds worked and how it went, or nothing
-- and why. Returns what the caller of the script gets: per outcome one of the numbers above, or the text of an error.
local function each(width, counter, write)
    local replies, count, worked, again = {}, 0, 0, 0
    for i = 5, #ARGV, width do
        local ok, seconds, how = pcall(write, unpack(ARGV, i, i + width - 1))
        if not ok then
            replies[#replies + 1] = type(seconds) == 'table' and seconds.err or tostring(seconds)
        elseif seconds then
            replies[#replies + 1] = how or ENDED
            count, worked = count + 1, worked + tonumber(seconds)
        else
            replies[#replies + 1] = how or NOT_OURS
            again = again + (how == WRITTEN_BEFORE and 1 or 0)
        end
    end
    if count > 0 and counter then
        redis.call('HINCRBY', KEYS[1], counter, count)
        redis.call('HINCRBYFLOAT', KEYS[1], 'total_working_time', string.format('%.6f', worked))
    end
    if redis.call('HINCRBY', KEYS[1], 'x_java_running', again - #replies) <= 0 then
        redis.call('HSET', KEYS[1], 'state', 'idle', 'last_heartbeat', iso, 'x_java_running', '0')
        redis.call('EXPIRE', KEYS[1], 480)
    end
    return replies
end

