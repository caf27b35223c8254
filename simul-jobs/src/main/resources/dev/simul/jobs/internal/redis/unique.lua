-- Which job stands in the way of a new one that must be the only one of its kind.
--
-- Continues enqueue.lua: queue, now and plan are what they are there.
local PENDING = {[''] = true, created = true, queued = true, started = true, deferred = true, scheduled = true,
    rate_limited = true, ready_to_enqueue = true}

local function lock_of(plan)
    return 'simul:rq:unique:' .. queue .. ':' .. plan.lock
end

-- The job beside which this one must not be enqueued.
local function duplicate_of(id, plan)
    if plan.unique and redis.call('EXISTS', 'rq:job:' .. id) == 1 then
        return id
    end
    local other = plan.lock and redis.call('GET', lock_of(plan))
    if other and plan.pending then
        local status = redis.call('HGET', 'rq:job:' .. other, 'status')
        if not status or not PENDING[status] then
            return nil
        end
    end
    return other or nil
end

-- Takes back a job that has not begun.
local function withdraw(id)
    local fields = redis.call('HMGET', 'rq:job:' .. id, 'status', 'origin', 'rate_limit_key')
    if fields[2] and fields[1] ~= 'started' and PENDING[fields[1]] then
        redis.call('LREM', 'rq:queue:' .. fields[2], 0, id)
        redis.call('ZREM', 'rq:deferred:' .. fields[2], id)
        redis.call('ZREM', 'rq:scheduled:' .. fields[2], id)
        redis.call('HSET', 'rq:job:' .. id, 'status', 'canceled')
        redis.call('ZADD', 'rq:canceled:' .. fields[2], now, id)
        if fields[3] and fields[3] ~= '' then
            redis.call('ZREM', 'rq:rl:' .. fields[3] .. ':rate_limited', id)
            free_unused_slot(id, fields[3], iso, now)
        end
    end
end
