-- Records jobs that returned.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id, start and end as ISO, start of the
--             execution and end in Unix seconds, result_ttl (-1: for ever), base64 of the result or empty, seconds worked
return each(10, 'successful_job_count', function(queue, id, execution, started, ended, from, to, ttl, value, worked)
    if not holds(queue, id, execution) then
        return nil
    end
    ttl = tonumber(ttl)
    local kept = record(id, 'status', 'finished', 'started_at', started, 'ended_at', ended, 'last_heartbeat', iso,
        'worker_name', worker)
    local childless = release(id, false, iso)
    if kept and ttl ~= 0 then
        if value == '' then
            keep_result(id, ttl, 1, 'worker_name', worker, 'execution_id', execution,
                'execution_started_at', from, 'execution_ended_at', to)
        else
            keep_result(id, ttl, 1, 'worker_name', worker, 'return_value', value, 'execution_id', execution,
                'execution_started_at', from, 'execution_ended_at', to)
        end
        redis.call('ZADD', 'rq:finished:' .. queue, ttl > 0 and now + ttl or '+inf', id)
        if ttl > 0 then
            expire(id, ttl, childless)
        end
    elseif kept then
        discard(id)
    end
    leave(queue, id, execution)
    return worked
end)
