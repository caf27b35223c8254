-- Moves jobs whose time has come to their queues, if that is ours to do.
--
-- Locks, look and move are one step, so no pause of the scheduler can come between them: it never moves a job of a queue
-- whose lock it has lost, and a job is moved by whoever takes it out of the registry, once. Key, value and life time of a
-- lock are RQ's. Only status and enqueued_at of a job are written; RQ writes the whole hash, in its own serializer.
--
-- A scheduler of ours says every second in its hash when it was here (x_beat, by Redis's clock). One that has not for some
-- seconds is dead or stands still, and since it moves nothing without asking here first, its lock is free at once. RQ's
-- schedulers say nothing of the kind, and keep their locks for the whole minute.
--
-- KEYS  1 rq:scheduler:NAME   2... per queue: rq:scheduler-lock:Q, rq:scheduled:Q, simul:rq:unreadable:Q
-- ARGV  1 scheduler's name, or empty: hold no lock, step in only where no scheduler holds one   2 now as ISO
--       3 how many jobs at most   4 seconds for which a lock holds   5 number of fields, and those of the scheduler's
--       hash: field, value, ...   then the queues' names
-- Returns {jobs moved, milliseconds until the next one is due (-1: none is known), ids put aside, queues whose lock is
-- newly ours, queues whose lock is ours}.
local name, iso, limit, seconds = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local first = 6 + ARGV[5]
local time = redis.call('TIME')
local now, fraction = tonumber(time[1]), time[2] / 1000000

local SILENCE = 5

local function silent(holder)
    local beat = redis.pcall('HGET', 'rq:scheduler:' .. holder, 'x_beat')
    beat = type(beat) == 'string' and tonumber(beat)
    return beat and now - beat > SILENCE
end

-- Whether the queue's due jobs are ours to move, and whether its lock is ours.
local function may_move(lock)
    local holder = redis.call('GET', lock)
    if holder and holder ~= name and silent(holder) then
        holder = nil
    end
    if name == '' then
        return not holder, false
    elseif not holder then
        redis.call('SET', lock, name, 'EX', seconds)
        return true, true, true
    elseif holder == name then
        redis.call('EXPIRE', lock, seconds)
        return true, true
    end
    return false, false
end

local aside = {}

local function move(id, queue, registry, unreadable)
    local valid = string.match(id, '^[A-Za-z0-9_-]+$')
    local fields = valid and redis.pcall('HMGET', 'rq:job:' .. id, 'data', 'enqueue_at_front', 'ttl', 'rate_limit_key',
        'rate_limit_concurrency', 'origin', 'enqueue_at_front_on_retry', 'ended_at') or {}
    if fields[1] then
        local retried = fields[7] == '1' and (fields[8] or '') ~= '' -- it has ended before, so it waited for another try
        enqueue_waiting(id, queue, retried and '1' or fields[2], fields[3], fields[4], fields[5], iso, now)
        if fields[6] ~= queue then
            redis.call('HSET', 'rq:job:' .. id, 'origin', queue)
        end
    elseif not valid or redis.call('EXISTS', 'rq:job:' .. id) == 1 then
        redis.call('RPUSH', unreadable, id)
        aside[#aside + 1] = id
    end -- else its job was deleted, or has outlived its ttl
    redis.call('ZREM', registry, id)
end

local moved, wait, taken, held = 0, -1, {}, {}
for k = 2, #KEYS, 3 do
    local queue = ARGV[first + (k - 2) / 3]
    local ours, locked, new = may_move(KEYS[k])
    if locked then
        held[#held + 1] = queue
    end
    if new then
        taken[#taken + 1] = queue
    end
    if ours then
        local due = redis.call('ZRANGEBYSCORE', KEYS[k + 1], '-inf', now + fraction, 'LIMIT', 0, limit - moved)
        for _, id in ipairs(due) do
            move(id, queue, KEYS[k + 1], KEYS[k + 2])
        end
        moved = moved + #due
        local next_one = redis.call('ZRANGE', KEYS[k + 1], 0, 0, 'WITHSCORES')[2]
        if next_one then
            local millis = math.max(0, math.ceil((tonumber(next_one) - now - fraction) * 1000))
            wait = wait < 0 and millis or math.min(wait, millis)
        end
    end
end
if #held > 0 then
    redis.call('HSET', KEYS[1], 'x_beat', time[1], unpack(ARGV, 6, first - 1))
    redis.call('EXPIRE', KEYS[1], seconds)
end
return {moved, wait, aside, taken, held}
