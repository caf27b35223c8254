-- Takes executions away from workers that are gone: the job goes back to the front of its queue, or, if it may not, is
-- tried again or fails by RQ's rule for abandoned jobs.
--
-- Whoever removes the execution from the started registry decides what becomes of the job, so any number of rescuers
-- may run, and a worker that comes back finds its outcome refused.
--
-- KEYS  1 rq:wip:Q   2 simul:rq:workers:Q
-- ARGV  1 queue   2 now as ISO   3 1: back to the queue   4 how often at most   5... per execution: job id, execution id,
--       worker, why (passed: its score has passed; silent: its worker does not prove that it lives; left: its worker
--       says that it is not its own), text of a failure by RQ's rule, text of a failure after too many rescues (each
--       base64 of zlib)
-- Returns per execution {what was done: a number of abandon.lua, or the text of an error} and, for a job that is tried
-- again or has failed, its fields data, failure_callback_name, failure_callback_timeout, webhooks, enqueued_at,
-- x_sig.
local queue, iso, requeue, most = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local now = tonumber(redis.call('TIME')[1])

local function leave(member, id, execution, worker)
    redis.call('DEL', 'rq:execution:' .. member)
    redis.call('ZREM', 'rq:executions:' .. id, execution)
    if worker ~= '' then
        redis.call('SREM', 'rq:worker:' .. worker .. ':executions', member)
        if redis.pcall('HGET', 'rq:worker:' .. worker, 'current_job') == id then
            redis.call('HDEL', 'rq:worker:' .. worker, 'current_job')
        end
    end
    redis.call('ZREM', KEYS[1], member)
end

local function rescue(id, execution, worker, why, abandoned, again)
    local member = execution == '' and id or id .. ':' .. execution
    local score = redis.call('ZSCORE', KEYS[1], member)
    if not score or why == 'passed' and tonumber(score) > now
            or why == 'silent' and redis.call('EXISTS', 'simul:rq:alive:' .. worker) == 1 then
        return {NOTHING}
    end
    local job = abandoned_job(id)
    -- A job that is queued has not begun: its worker died between the two halves of RQ's start.
    local waits = job.status == 'queued' and not redis.call('LPOS', 'rq:queue:' .. queue, id)
    local ours = requeue and worker ~= '' and redis.call('ZSCORE', KEYS[2], worker)
    local done = {ENDED}
    if job.data and (job.status == 'started' or waits) then
        if job.stop == execution and execution ~= '' then
            done = stop_abandoned(queue, id, job, worker, iso, now)
        elseif requeue and (ours or waits) and job.rescues < most then
            redis.call('LREM', 'rq:queue:' .. queue .. ':intermediate', 1, id)
            done = put_back(queue, id, job, iso)
        else
            done = fail_abandoned(queue, id, job, ours and again or abandoned, '', ours, iso, now)
        end
    end
    leave(member, id, execution, worker)
    return done
end

local replies = {}
for i = 5, #ARGV, 6 do
    local ok, done = pcall(rescue, unpack(ARGV, i, i + 5))
    if not ok then
        done = {type(done) == 'table' and done.err or tostring(done)}
    end
    replies[#replies + 1] = done
end
return replies
