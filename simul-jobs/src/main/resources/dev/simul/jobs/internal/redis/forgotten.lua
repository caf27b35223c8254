-- Takes executions of jobs that have ended off the started registry, if their worker has forgotten them.
--
-- RQ up to 2.12 does that when another parent of one of the job's children changes while it writes the job's end: it
-- tries its transaction again, but has let go of the execution by then. The entry would count as a running job, for
-- limits too, until its time is over. A worker that may be at it is left alone: one of ours, which forgets nothing, and
-- one in Python that is busy with that job or has only just taken one. An entry without an end stays, as in RQ.
-- The text before this one is worker.lua.
--
-- KEYS  1 rq:wip:Q   2 simul:rq:workers:Q
-- ARGV  1 how many to look at: those without a heartbeat for the longest time
-- Returns the ids of the jobs.
local ENDED = {finished = true, failed = true, stopped = true}

local function has_ended(id)
    local status = redis.pcall('HGET', 'rq:job:' .. id, 'status')
    return ENDED[status] or not status and redis.call('EXISTS', 'rq:job:' .. id) == 0
end

local function may_be_at_it(worker, id)
    return redis.call('ZSCORE', KEYS[2], worker) or seems_at(worker, id)
end

local ids = {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(+inf', 'LIMIT', 0, ARGV[1])) do
    local id, execution = string.match(member, '^([A-Za-z0-9_-]+):([^:]+)$')
    if id and has_ended(id) and not may_be_at_it(worker_of(member, id), id) then
        redis.call('DEL', 'rq:execution:' .. member)
        redis.pcall('ZREM', 'rq:executions:' .. id, execution)
        redis.call('ZREM', KEYS[1], member)
        ids[#ids + 1] = id
    end
end
return ids
