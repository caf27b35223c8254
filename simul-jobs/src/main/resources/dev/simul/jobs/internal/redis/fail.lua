-- Records jobs that failed: another attempt if the job has one left, else the registry of failed jobs.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id, start and end as ISO, start of the
--             execution and end in Unix seconds, failure_ttl (-1: for ever), base64 of the zlib of the traceback,
--             seconds worked, 1: another attempt could succeed / stopped: somebody has stopped the job

-- Seconds until the next attempt; RQ counts from the end of the list.
local function pause(intervals, left)
    local ok, list = pcall(cjson.decode, intervals or '')
    if not ok then
        return 0
    elseif type(list) ~= 'table' then
        list = {list}
    end
    return tonumber(list[math.max(#list - left, 0) + 1]) or 0
end

local function retry(queue, id, started, ended, left, fields)
    local seconds = pause(fields[2], left)
    local kept = record(id, 'status', seconds > 0 and 'scheduled' or 'queued', 'started_at', started,
        'ended_at', ended, 'last_heartbeat', iso, 'worker_name', worker, 'retries_left', left - 1)
    if not kept then
        return
    end
    if tonumber(fields[4] or '') then
        expire(id, fields[4])
    end
    if seconds > 0 then
        redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
        redis.call('ZADD', 'rq:scheduled:' .. queue, now + seconds, id)
    else
        redis.call('HSET', 'rq:job:' .. id, 'enqueued_at', iso)
        redis.call(fields[3] == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, id)
    end
end

local function give_up(status, queue, id, execution, started, ended, from, to, ttl, text)
    local kept = record(id, 'status', status, 'started_at', started, 'ended_at', ended, 'last_heartbeat', iso,
        'worker_name', worker)
    local childless = status == 'failed' and release(id, true, iso) -- a stopped parent lets no child go, as in RQ
    if kept and ttl ~= 0 then
        keep_result(id, ttl, 2, 'worker_name', worker, 'exc_string', text, 'execution_id', execution,
            'execution_started_at', from, 'execution_ended_at', to)
        redis.call('ZADD', 'rq:failed:' .. queue, ttl > 0 and now + ttl or -1, id)
        if ttl > 0 then
            expire(id, ttl, childless)
        end
    elseif kept then
        discard(id)
    end
end

return each(11, 'failed_job_count', function(queue, id, execution, started, ended, from, to, ttl, text, worked, again)
    if not holds(queue, id, execution) then
        return nil
    end
    local fields = redis.call('HMGET', 'rq:job:' .. id, 'retries_left', 'retry_intervals',
        'enqueue_at_front_on_retry', 'ttl')
    local left = again == '1' and tonumber(fields[1] or '') or 0
    if left > 0 then
        retry(queue, id, started, ended, left, fields)
    else
        local status = again == 'stopped' and 'stopped' or 'failed'
        give_up(status, queue, id, execution, started, ended, from, to, tonumber(ttl), text)
    end
    leave(queue, id, execution)
    return worked
end)
