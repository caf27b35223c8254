-- What may become of a job that its worker has left; rescue.lua and clean.lua begin with job.lua and this text.
--
-- The order of the writes lets an error on the way leave a job where it is found again.
local YEAR = 31536000

-- What was done: nothing, for somebody else was faster or the worker is back; ...; failed, by RQ's rule or after too many
-- rescues; nothing, for the job had ended otherwise.
local NOTHING, PUT_BACK, TRIED_AGAIN, FAILED, FAILED_FOR_GOOD, ENDED = 0, 1, 2, 3, 4, 5

-- The fields that the functions here want to know.
local function abandoned_job(id)
    local fields = redis.pcall('HMGET', 'rq:job:' .. id, 'data', 'status', 'ttl', 'retries_left', 'retry_intervals',
        'enqueue_at_front_on_retry', 'failure_ttl', 'x_rescues', 'rate_limit_key', 'x_stop')
    return {data = fields[1], status = fields[2], ttl = fields[3], left = whole(fields[4]), intervals = fields[5],
        front = fields[6] == '1', failure_ttl = fields[7], rescues = whole(fields[8]),
        limit = fields[9] and fields[9] ~= '' and fields[9], stop = fields[10]}
end

-- Back to the front of the queue, as often as it takes; the slot of a rate limit stays the job's.
local function put_back(queue, id, job, iso)
    redis.call('LPUSH', 'rq:queue:' .. queue, id)
    redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'enqueued_at', iso, 'x_rescues', job.rescues + 1)
    expire_waiting(id, job.ttl)
    return {PUT_BACK}
end

-- A job that was to be stopped when its worker went: it is not run again, and, stopped, lets no dependents go.
local function stop_abandoned(queue, id, job, worker, iso, now)
    local ttl = tonumber(job.failure_ttl and string.match(job.failure_ttl, '^-?%d+$') or YEAR)
    redis.call('HSET', 'rq:job:' .. id, 'status', 'stopped', 'ended_at', iso)
    if ttl == 0 then
        discard(id)
    else
        redis.call('ZADD', 'rq:failed:' .. queue, ttl > 0 and now + ttl or -1, id)
        -- base64 of the zlib of RQ's text: Job stopped by user, work-horse terminated.
        keep_result(id, ttl, 2, 'worker_name', worker, 'exc_string',
            'eJzzyk9SKC7JLyhITVFIqlQoLU4t0lEozy/K1s3ILypOVShJLcrNzEssSU3RAwBbIQ/t')
        if ttl > 0 then
            expire(id, ttl)
        end
    end
    if job.limit then
        free_slot(id, job.limit, iso, now)
    end
    return {ENDED}
end

-- RQ's rule: another attempt if one is left, else the registry of failed jobs. final: none, whatever is left.
local function fail_abandoned(queue, id, job, text, worker, final, iso, now)
    local key = 'rq:job:' .. id
    -- for those who are to be told of it
    local told = redis.call('HMGET', key, 'data', 'failure_callback_name', 'failure_callback_timeout', 'webhooks',
        'enqueued_at', 'x_sig')
    if job.left > 0 and not final then
        local list = seconds_list(job.intervals)
        local seconds = list[math.max(#list - job.left, 0) + 1] or 0 -- RQ counts from the end of the list
        if seconds > 0 then
            schedule(id, queue, seconds, now)
            redis.call('HSET', key, 'status', 'scheduled', 'retries_left', job.left - 1)
            if job.limit then
                free_slot(id, job.limit, iso, now)
            end
        else
            redis.call(job.front and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, id)
            redis.call('HSET', key, 'status', 'queued', 'enqueued_at', iso, 'retries_left', job.left - 1)
        end
        expire_waiting(id, job.ttl)
        return {TRIED_AGAIN, unpack(told, 1, 6)}
    end
    local ttl = tonumber(job.failure_ttl and string.match(job.failure_ttl, '^-?%d+$') or YEAR)
    redis.call('HSET', key, 'status', 'failed')
    local childless = release(id, true, iso, now)
    if ttl == 0 then
        discard(id)
    else
        redis.call('ZADD', 'rq:failed:' .. queue, ttl > 0 and now + ttl or -1, id)
        keep_result(id, ttl, 2, 'worker_name', worker, 'exc_string', text)
        if ttl > 0 then
            expire(id, ttl, childless)
        end
    end
    if job.limit then
        free_slot(id, job.limit, iso, now)
    end
    return {final and FAILED_FOR_GOOD or FAILED, unpack(told, 1, 6)}
end
