-- Records jobs that failed: another attempt if the job has one left, else the registry of failed jobs.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id, start and end as ISO, start of the
--             execution and end in Unix seconds, failure_ttl (-1: for ever), base64 of the zlib of the traceback,
--             seconds worked, 1: another attempt could succeed, 0: none could, stopped: somebody has stopped the job;
--             what is special about the job (empty: nothing)

local function give_up(status, queue, id, execution, started, ended, from, to, ttl, text)
    local childless = status == 'failed' and release_unless_canceled(id, true) -- as in RQ, a stopped one lets none go
    local kept = record(id, 'status', status, 'started_at', started, 'ended_at', ended, 'last_heartbeat', iso,
        'worker_name', worker)
    if not kept or string.find(ARGV[4], 'd', 1, true) then
        return
    end
    if ttl == 0 then
        discard(id)
        return
    end
    keep_result(id, ttl, 2, 'worker_name', worker, 'exc_string', text, 'execution_id', execution,
        'execution_started_at', from, 'execution_ended_at', to)
    enter('rq:failed:', queue, id, ttl, '-1')
    if ttl > 0 then
        expire(id, spell(ttl), childless, alone)
    end
end

return each(12, 'failed_job_count', function(queue, id, execution, started, ended, from, to, ttl, text, worked,
        chance, special)
    if not holds(queue, id, execution) then
        return missed(id, execution)
    end
    local fields = redis.call('HMGET', 'rq:job:' .. id, 'retries_left', 'retry_intervals',
        'enqueue_at_front_on_retry', 'ttl', 'status')
    local left = chance == '1' and fields[5] ~= 'canceled' and whole(fields[1]) or 0
    local slot_is_free, how = true, ENDED
    if left > 0 then
        how = RUNS_AGAIN
        if record(id, 'status', 'queued', 'started_at', started, 'ended_at', ended, 'last_heartbeat', iso,
                'worker_name', worker, 'retries_left', left - 1) then
            local list = seconds_list(fields[2])
            local seconds = list[math.max(#list - left, 0) + 1] or 0 -- RQ counts from the end of the list
            slot_is_free = run_again(queue, id, seconds, fields[3], fields[4])
        end
    else
        give_up(chance == 'stopped' and 'stopped' or 'failed', queue, id, execution, started, ended, from, to,
            tonumber(ttl), text)
    end
    leave(queue, id, execution)
    if slot_is_free then
        give_slot_back(id, special)
    end
    return worked, how
end)
