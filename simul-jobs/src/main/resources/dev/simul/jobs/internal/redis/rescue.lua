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
-- Returns per execution {what was done} and, for a job that has failed, its fields data, failure_callback_name,
-- failure_callback_timeout, webhooks, origin, enqueued_at, meta. What was done: 0 nothing, somebody else was faster or the
-- worker is back; 1 back to the queue; 2 another attempt by RQ's rule; 3 failed; 4 failed after too many rescues; 5 the
-- job had ended or gone otherwise; or the text of an error.
local queue, iso, requeue, most = ARGV[1], ARGV[2], ARGV[3] == '1', tonumber(ARGV[4])
local now = tonumber(redis.call('TIME')[1])
local YEAR = 31536000

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
        return {0}
    end
    local key = 'rq:job:' .. id
    local job = redis.pcall('HMGET', key, 'data', 'status', 'ttl', 'retries_left', 'retry_intervals',
        'enqueue_at_front_on_retry', 'failure_ttl', 'x_rescues', 'rate_limit_key')
    local status = job[2]
    -- A job that is queued has not begun: its worker died between the two halves of RQ's start.
    local waits = status == 'queued' and not redis.call('LPOS', 'rq:queue:' .. queue, id)
    if not job[1] or status ~= 'started' and not waits then
        leave(member, id, execution, worker)
        return {5}
    end
    local rescues = whole(job[8])
    local ours = worker ~= '' and redis.call('ZSCORE', KEYS[2], worker)
    local left = whole(job[4])
    local done, slot_is_free
    if requeue and (ours or waits) and rescues < most then
        redis.call('LPUSH', 'rq:queue:' .. queue, id)
        redis.call('LREM', 'rq:queue:' .. queue .. ':intermediate', 1, id)
        redis.call('HSET', key, 'status', 'queued', 'enqueued_at', iso, 'x_rescues', rescues + 1)
        done = {1}
    elseif left > 0 and not (requeue and ours) then
        local list = seconds_list(job[5])
        local seconds = list[math.max(#list - left, 0) + 1] or 0 -- RQ counts from the end of the list
        slot_is_free = seconds > 0
        if seconds > 0 then
            schedule(id, queue, seconds, now)
            redis.call('HSET', key, 'status', 'scheduled', 'retries_left', left - 1)
        else
            redis.call(job[6] == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, id)
            redis.call('HSET', key, 'status', 'queued', 'enqueued_at', iso, 'retries_left', left - 1)
        end
        done = {2}
    else
        local kept = redis.call('HMGET', key, 'data', 'failure_callback_name', 'failure_callback_timeout', 'webhooks',
            'origin', 'enqueued_at', 'meta')
        local ttl = tonumber(job[7] and string.match(job[7], '^-?%d+$') or YEAR)
        local often = requeue and ours
        redis.call('HSET', key, 'status', 'failed')
        local childless = release(id, true, iso, now)
        slot_is_free = true
        if ttl == 0 then
            discard(id)
        else
            redis.call('ZADD', 'rq:failed:' .. queue, ttl > 0 and now + ttl or -1, id)
            keep_result(id, ttl, 2, 'worker_name', '', 'exc_string', often and again or abandoned)
            if ttl > 0 then
                expire(id, ttl, childless)
            end
        end
        done = {often and 4 or 3, unpack(kept, 1, 7)}
    end
    if done[1] < 3 then
        expire_waiting(id, job[3])
    end
    leave(member, id, execution, worker)
    if slot_is_free and job[9] and job[9] ~= '' then
        free_slot(id, job[9], iso, now)
    end
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
