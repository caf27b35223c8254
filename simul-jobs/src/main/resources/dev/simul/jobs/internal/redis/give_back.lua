-- Gives jobs back whose run was broken off for no fault of theirs: to the front of their queue, as if nobody had taken
-- them.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id
return each(3, nil, function(queue, id, execution)
    if not holds(queue, id, execution) then
        return nil
    end
    local key = 'rq:job:' .. id
    local fields = redis.call('HMGET', key, 'data', 'ttl')
    if fields[1] then
        redis.call('HSET', key, 'status', 'queued', 'started_at', '', 'worker_name', '')
        if tonumber(fields[2] or '') then
            expire(id, fields[2])
        end
        redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
        redis.call('LPUSH', 'rq:queue:' .. queue, id)
    end
    leave(queue, id, execution)
    return 0
end)
