-- Cleans up in a queue behind workers and programs that are gone, as RQ's workers do from time to time.
--
-- Every part is tried, whatever becomes of the others. What no RQ program could load is put aside.
--
-- KEYS  1 rq:queue:Q:intermediate   2 simul:rq:unreadable:Q
-- ARGV  1 queue   2 now as ISO   3 name of the worker that cleans   4 1: stuck jobs go back to the queue   5 how often at
--       most   6 text of a failure (base64 of zlib)
-- Returns {ids put aside, texts of errors, stuck jobs}; a stuck job is its id and then what rescue.lua returns.
local queue, iso, worker = ARGV[1], ARGV[2], ARGV[3]
local requeue, most, text = ARGV[4] == '1', tonumber(ARGV[5]), ARGV[6]
local now = tonumber(redis.call('TIME')[1])
local BATCH, GRACE, DAY = 200, 60, 86400

local aside, errors, stuck = {}, {}, {}

local function attempt(part)
    local ok, problem = pcall(part)
    if not ok then
        errors[#errors + 1] = type(problem) == 'table' and problem.err or tostring(problem)
    end
end

local function finished()
    redis.call('ZREMRANGEBYSCORE', 'rq:finished:' .. queue, 0, now)
end

local function failed()
    redis.call('ZREMRANGEBYSCORE', 'rq:failed:' .. queue, 0, now)
end

-- RQ 3.0 moves children there before it queues them; when it dies in between, only a cleaner finds them.
local function ready()
    for _, id in ipairs(redis.call('ZRANGE', 'rq:ready:' .. queue, 0, BATCH - 1)) do
        attempt(function() enqueue_ready(id, queue, iso, now) end)
    end
end

-- Takes workers out whose hash has expired, and what is no worker's key, which would end whoever lists workers.
local function workers()
    for _, set in ipairs({'rq:workers:' .. queue, 'rq:workers'}) do
        for _, key in ipairs(redis.call('SMEMBERS', set)) do
            if string.sub(key, 1, #'rq:worker:') ~= 'rq:worker:' then
                redis.call('SREM', set, key)
                aside[#aside + 1] = key
            elseif redis.call('EXISTS', key) == 0 then
                redis.call('SREM', 'rq:workers', key)
                redis.call('SREM', 'rq:workers:' .. queue, key)
            end
        end
    end
end

-- What becomes of a job that stands in RQ's intermediate list and in no execution; nil: nothing yet.
local function resolve(id)
    local seen = 'rq:queue:' .. queue .. ':intermediate:first_seen:' .. id
    local job = abandoned_job(id)
    if not job.data then
        if redis.call('EXISTS', 'rq:job:' .. id) == 1 then
            redis.call('RPUSH', KEYS[2], id)
            aside[#aside + 1] = id
        else
            redis.call('LREM', 'rq:queue:' .. queue, 1, id)
        end
        return {ENDED}
    elseif job.status ~= 'queued' and job.status ~= 'started' then
        redis.call('DEL', seen)
        return {ENDED}
    end
    local since = tonumber(redis.pcall('GET', seen) or '')
    if not since then
        redis.call('SET', seen, now, 'EX', DAY)
        return nil
    elseif now - since <= GRACE then
        return nil
    end
    redis.call('DEL', seen) -- RQ leaves it, and fails the job at once when it gets stuck again
    if requeue and job.status == 'queued' and job.rescues < most then
        return put_back(queue, id, job, iso)
    end
    redis.call('HINCRBY', 'rq:worker:' .. worker, 'failed_job_count', 1)
    return fail_abandoned(queue, id, job, text, worker, false, iso, now)
end

local function intermediate()
    local ids = redis.call('LRANGE', KEYS[1], 0, BATCH - 1)
    if #ids == 0 then
        return
    end
    local running = {}
    for _, member in ipairs(redis.call('ZRANGE', 'rq:wip:' .. queue, 0, -1)) do
        running[string.match(member, '^[^:]*')] = true
    end
    for _, id in ipairs(ids) do
        if not string.match(id, '^[A-Za-z0-9_-]+$') then
            redis.call('RPUSH', KEYS[2], id)
            redis.call('LREM', KEYS[1], 1, id)
            aside[#aside + 1] = id
        elseif not running[id] then
            attempt(function()
                local done = resolve(id)
                if done then
                    redis.call('LREM', KEYS[1], 1, id)
                    table.insert(done, 1, id)
                    stuck[#stuck + 1] = done
                end
            end)
        end
    end
end

attempt(finished)
attempt(failed)
attempt(ready)
attempt(workers)
attempt(intermediate)
return {aside, errors, stuck}
