-- Records jobs that returned, and sends those that are to be repeated on their way.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id, start and end as ISO, start of the
--             execution and end in Unix seconds, result_ttl (-1: for ever), base64 of the result or empty, seconds
--             worked, what is special about the job (empty: nothing), the result as it is if it is to be repeated

-- Seconds until the next run. RQ up to 2.12 counts from the end of the list, RQ 3.0 uses the list up from the front.
local function interval(id, left, text)
    local list = seconds_list(text)
    if not string.find(ARGV[4], 'r', 1, true) then
        return list[left] or list[#list] or 0
    end
    local first = list[1] or 0
    if #list > 1 then
        table.remove(list, 1)
        redis.call('HSET', 'rq:job:' .. id, 'repeat_intervals', '[' .. table.concat(list, ', ') .. ']')
    end
    return first
end

local function run_once_more(queue, id, left, fields, result)
    redis.call('HSET', 'rq:job:' .. id, 'repeats_left', left - 1)
    redis.call('HDEL', 'rq:job:' .. id, 'x_rescues') -- they count against one run that does not end
    if result ~= '' then
        redis.call('HSET', 'rq:job:' .. id, 'result', result)
    end
    return run_again(queue, id, interval(id, left, fields[2]), '0', fields[3])
end

return each(12, 'successful_job_count', function(queue, id, execution, started, ended, from, to, ttl, value, worked,
        special, result)
    if not holds(queue, id, execution) then
        return missed(id, execution)
    end
    ttl = tonumber(ttl)
    local fields, left = nil, 0
    if string.sub(special, 1, 1) == '1' then
        fields = redis.call('HMGET', 'rq:job:' .. id, 'repeats_left', 'repeat_intervals', 'ttl', 'status')
        left = fields[4] ~= 'canceled' and whole(fields[1]) or 0
    end
    local childless = release_unless_canceled(id, false)
    local kept = record(id, 'status', 'finished', 'started_at', started, 'ended_at', ended, 'last_heartbeat', iso)
    if kept and ttl ~= 0 then
        if value == '' then
            keep_result(id, ttl, '1', 'worker_name', worker, 'execution_id', execution,
                'execution_started_at', from, 'execution_ended_at', to)
        else
            keep_result(id, ttl, '1', 'worker_name', worker, 'return_value', value, 'execution_id', execution,
                'execution_started_at', from, 'execution_ended_at', to)
        end
        enter('rq:finished:', queue, id, ttl, '+inf')
    end
    local slot_is_free = true
    if kept and left > 0 then
        slot_is_free = run_once_more(queue, id, left, fields, result)
    elseif kept and ttl > 0 then
        expire(id, spell(ttl), childless, alone)
    elseif kept and ttl == 0 then
        discard(id)
    end
    leave(queue, id, execution)
    if slot_is_free then
        give_slot_back(id, special)
    end
    return worked
end)
