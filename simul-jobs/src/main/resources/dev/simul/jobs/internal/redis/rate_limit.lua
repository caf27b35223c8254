-- Fills the free slots of a rate limit with those that wait for one, oldest first, as RQ 3.0 does.
local function admit(limit)
    local allowed, waiting = 'rq:rl:' .. limit.key .. ':allowed', 'rq:rl:' .. limit.key .. ':rate_limited'
    while redis.call('ZCARD', allowed) < limit.concurrency do
        local id = redis.call('ZPOPMIN', waiting)[1]
        if not id then
            break
        end
        local fields = redis.call('HMGET', 'rq:job:' .. id, 'origin', 'status', 'enqueue_at_front')
        if fields[1] and fields[2] == 'rate_limited' then
            redis.call('ZADD', allowed, now, id)
            redis.call(fields[3] == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. fields[1], id)
            redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'enqueued_at', iso)
        end
    end
end
