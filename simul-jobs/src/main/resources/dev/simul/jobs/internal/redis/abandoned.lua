-- Finds executions that nobody works on any more, and puts aside what is no execution.
--
-- There are two ways to be abandoned. The worker is one of ours and has gone silent: known within seconds. Or the score
-- of the execution has passed, which is RQ's own rule and the only one for workers in Python.
--
-- KEYS  1 rq:wip:Q   2 simul:rq:workers:Q   3 simul:rq:unreadable:Q
-- ARGV  1 1: those whose score has passed as well   2 how many at most   3... names of silent workers
-- A silent worker of whom nothing is left is looked at again in a minute, until its hash has expired: one that was only
-- paused may take another job before it proves again that it lives.
--
-- Returns {executions, members put aside}; whoever began last comes first, so that who puts them back at the front of
-- their queue, one after the other, gives them the order in which they stood there. An execution is {job id, execution
-- id, worker, 1: the worker is one of ours, and if a worker in Python seems to be at it nevertheless: its host, its
-- process id}. The text before this one is worker.lua.
local registry, ours = KEYS[1], KEYS[2]
local limit = tonumber(ARGV[2])
local silent = {}
for i = 3, #ARGV do
    silent[ARGV[i]] = true
end

local found, aside, seen, place = {}, {}, {}, {}

local function add(member, id, execution, worker)
    if seen[member] then
        return
    end
    seen[member] = true
    local entry = {id, execution, worker, redis.call('ZSCORE', ours, worker) and 1 or 0}
    if entry[4] == 0 then
        entry[5], entry[6] = seems_at(worker, id)
    end
    found[#found + 1] = entry
    local begun = redis.pcall('HMGET', 'rq:job:' .. id, 'started_at', 'enqueued_at')
    place[entry] = {begun[1] or '', begun[2] or '', #found}
end

local function began_later(one, other)
    local a, b = place[one], place[other]
    for i = 1, 3 do
        if a[i] ~= b[i] then
            return a[i] > b[i]
        end
    end
    return false
end

if ARGV[1] == '1' then
    for _, member in ipairs(redis.call('ZRANGEBYSCORE', registry, 0, redis.call('TIME')[1], 'LIMIT', 0, limit)) do
        local id, execution = string.match(member, '^([A-Za-z0-9_-]+):?([^:]*)$')
        if id then
            add(member, id, execution, worker_of(member, id))
        else
            -- It would end every Python worker that cleans up here.
            redis.call('ZREM', registry, member)
            redis.call('RPUSH', KEYS[3], member)
            aside[#aside + 1] = member
        end
    end
end
if next(silent) then
    local left = {}
    for _, member in ipairs(redis.call('ZREVRANGE', registry, 0, -1)) do
        if #found >= limit then
            break
        end
        local id, execution = string.match(member, '^([A-Za-z0-9_-]+):([^:]+)$')
        local worker = id and worker_of(member, id)
        if worker and silent[worker] then
            add(member, id, execution, worker)
            left[worker] = true
        end
    end
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    for worker in pairs(silent) do
        local until_when = not left[worker] and #found < limit and tonumber(redis.call('ZSCORE', ours, worker))
        if until_when and until_when <= now then
            if redis.call('EXISTS', 'rq:worker:' .. worker) == 1 then
                redis.call('ZADD', ours, now + 60000, worker)
            else
                redis.call('ZREM', ours, worker)
            end
        end
    end
end
table.sort(found, began_later)
return {found, aside}
