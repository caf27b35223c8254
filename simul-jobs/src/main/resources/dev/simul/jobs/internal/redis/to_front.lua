-- Puts a job that this worker holds back to the front of its queue, as if nobody had taken it; after job.lua and
-- ending.lua. If it says behind which job it belongs, and that one is in the queue, it goes there.
local function to_front(queue, id, execution, after)
    local key = 'rq:job:' .. id
    local fields = redis.call('HMGET', key, 'data', 'ttl')
    if fields[1] then
        redis.call('HSET', key, 'status', 'queued', 'started_at', '', 'worker_name', '')
        expire_waiting(id, fields[2])
        redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
        if (after or '') == '' or redis.call('LINSERT', 'rq:queue:' .. queue, 'AFTER', after, id) < 1 then
            redis.call('LPUSH', 'rq:queue:' .. queue, id)
        end
    end
    leave(queue, id, execution)
end

