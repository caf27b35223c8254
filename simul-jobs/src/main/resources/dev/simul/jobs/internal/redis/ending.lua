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

-- One command for many
--
-- A call of Redis costs more than what it does here. So what can be asked or written for all outcomes at once, is:
-- look() asks before the first of them is written, and flush() writes after the last what enter() and leave() have
-- put down. A script runs alone, so nobody sees the time between.
local held, alone = {}, false -- alone: no job of the batch has dependents or dependencies
local left, entered = {}, {}

local function look(width)
    local members, families, n = {}, {}, 0
    for i = 5, #ARGV, width do
        local queue, id = ARGV[i], ARGV[i + 1]
        local list = members[queue]
        if not list then
            list = {}
            members[queue] = list
        end
        list[#list + 1] = id .. ':' .. ARGV[i + 2]
        families[n + 1] = 'rq:job:' .. id .. ':dependents'
        families[n + 2] = 'rq:job::' .. id .. ':dependencies'
        n = n + 2
    end
    for queue, list in pairs(members) do
        local scores = redis.pcall('ZMSCORE', 'rq:wip:' .. queue, unpack(list))
        for i = 1, #scores do
            held[list[i]] = scores[i]
        end
    end
    alone = n > 0 and redis.call('EXISTS', unpack(families)) == 0
end

-- Writes what was put down. Where Redis refuses, the outcomes of that queue have its text as their reply, and their
-- executions stay: they will be found abandoned.
local function flush(width, replies)
    for registry, lists in pairs(entered) do
        for queue, list in pairs(lists) do
            local answer = redis.pcall('ZADD', registry .. queue, unpack(list))
            if type(answer) == 'table' and answer.err then
                left[queue] = nil
                for i = 5, #ARGV, width do
                    if ARGV[i] == queue then
                        replies[(i - 5) / width + 1] = answer.err
                    end
                end
            end
        end
    end
    for queue, members in pairs(left) do
        redis.call('ZREM', 'rq:wip:' .. queue, unpack(members))
        redis.call('DEL', unpack(members.hashes))
    end
end

-- Whether the worker still holds the execution. If not, somebody has given it up in the meantime (a paused worker, a
-- lost connection), the job may be running elsewhere, and its outcome is no longer ours to write.
local function holds(queue, id, execution)
    local member = id .. ':' .. execution
    local score = held[member]
    if score == nil then -- the registry could not be asked; now it says why
        return redis.call('ZSCORE', 'rq:wip:' .. queue, member)
    end
    return score
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
    local member = id .. ':' .. execution
    local members = left[queue]
    if not members then
        members = {hashes = {}}
        left[queue] = members
    end
    local n = #members + 1
    members[n], members.hashes[n] = member, 'rq:execution:' .. member
    redis.call('ZREM', 'rq:executions:' .. id, execution)
    if publish then
        redis.call('SREM', KEYS[2], member)
        if redis.call('HGET', KEYS[1], 'current_job') == id then
            redis.call('HDEL', KEYS[1], 'current_job')
        end
    end
end

-- Puts a job into a registry of ended ones; for_ever is the score of one without an end.
local function enter(registry, queue, id, ttl, for_ever)
    local lists = entered[registry] or {}
    entered[registry] = lists
    local list = lists[queue] or {}
    lists[queue] = list
    local n = #list
    list[n + 1] = ttl > 0 and spell(now + ttl) or for_ever
    list[n + 2] = id
end

-- Lets the children go, unless somebody has canceled the job while it ran; so this comes before its end is written.
-- Returns whether it has none.
local function release_unless_canceled(id, failed)
    if alone or redis.pcall('SCARD', 'rq:job:' .. id .. ':dependents') == 0 then
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
    look(width)
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
    flush(width, replies)
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

