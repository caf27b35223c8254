-- Records jobs that returned a Retry: another attempt, or failure if the job has had as many as that Retry allows.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id, start and end as ISO, start of the
--             execution and end in Unix seconds, failure_ttl (-1: for ever), base64 of what stands for the result,
--             seconds worked, most attempts, pauses in seconds as a JSON list, 1: at the front, what is special about
--             the job (empty: nothing)

return each(14, 'failed_job_count', function(queue, id, execution, started, ended, from, to, ttl, value, worked, max,
        intervals, front, special)
    if not holds(queue, id, execution) then
        return missed(id, execution)
    end
    ttl = tonumber(ttl)
    local fields = redis.call('HMGET', 'rq:job:' .. id, 'number_of_retries', 'enqueue_at_front_on_retry', 'ttl',
        'status')
    local retried = whole(fields[1])
    local again = retried < tonumber(max) and fields[4] ~= 'canceled'
    local childless = not again and release_unless_canceled(id, true)
    local kept = record(id, 'status', again and 'queued' or 'failed', 'started_at', started, 'ended_at', ended,
        'last_heartbeat', iso, 'worker_name', worker)
    local slot_is_free = true
    if kept and ttl ~= 0 then
        keep_result(id, ttl, again and 4 or 5, 'worker_name', worker, 'return_value', value,
            'execution_id', execution, 'execution_started_at', from, 'execution_ended_at', to)
    end
    if kept and again then
        -- RQ keeps the returned object here; JSON has no form for it
        redis.call('HSET', 'rq:job:' .. id, 'number_of_retries', retried + 1, 'result', 'Unserializable return value')
        if front == '1' then
            redis.call('HSET', 'rq:job:' .. id, 'enqueue_at_front_on_retry', '1')
        else
            front = fields[2]
        end
        local list = seconds_list(intervals)
        slot_is_free = run_again(queue, id, list[math.min(retried + 1, #list)] or 0, front, fields[3])
    elseif kept and ttl ~= 0 then
        enter('rq:failed:', queue, id, ttl, '-1')
        if ttl > 0 then
            expire(id, spell(ttl), childless, alone)
        end
    elseif kept then
        discard(id)
    end
    leave(queue, id, execution)
    if slot_is_free then
        give_slot_back(id, special)
    end
    return worked, again and RUNS_AGAIN or ENDED
end)
