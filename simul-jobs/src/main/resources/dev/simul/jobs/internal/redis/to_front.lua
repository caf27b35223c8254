-- Puts a job that this worker holds back to the front of its queue, as if nobody had taken it; after job.lua and
-- ending.lua.
local function to_front(queue, id, execution)
    local key = 'rq:job:' .. id
    local fields = redis.call('HMGET', key, 'data', 'ttl')
    if fields[1] then
        redis.call('HSET', key, 'status', 'queued', 'started_at', '', 'worker_name', '')
        expire_waiting(id, fields[2])
        redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
        redis.call('LPUSH', 'rq:queue:' .. queue, id)
    end
    leave(queue, id, execution)
end

