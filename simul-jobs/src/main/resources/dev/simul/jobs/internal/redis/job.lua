-- What scripts do with jobs; those that need it begin with this text.
--
-- Nothing here reads KEYS or ARGV. iso is the present moment as RQ writes it, now the same in whole Unix seconds.

-- Writes fields of a job's hash; false if the hash has vanished (deleted while the job ran).
local function record(id, ...)
    -- A started job has all of these fields but ended_at, so more than one new field means a new hash.
    if redis.call('HSET', 'rq:job:' .. id, ...) > 1 then
        redis.call('DEL', 'rq:job:' .. id)
        return false
    end
    return true
end

-- The job's keys always share a life time; it mostly has no dependents, which the caller may know.
local function expire(id, ttl, childless)
    redis.call('EXPIRE', 'rq:job:' .. id, ttl)
    redis.call('EXPIRE', 'rq:job::' .. id .. ':dependencies', ttl)
    if not childless then
        redis.call('EXPIRE', 'rq:job:' .. id .. ':dependents', ttl)
    end
end

local function discard(id)
    local group = redis.call('HGET', 'rq:job:' .. id, 'group_id')
    if group and group ~= '' then
        redis.call('SREM', 'rq:group:' .. group, id)
    end
    redis.call('DEL', 'rq:job:' .. id, 'rq:job:' .. id .. ':dependents', 'rq:job::' .. id .. ':dependencies',
        'rq:results:' .. id)
end

local function keep_result(id, ttl, ...)
    local key = 'rq:results:' .. id
    redis.call('XADD', key, 'MAXLEN', 10, '*', 'type', ...)
    if ttl > 0 then
        redis.call('EXPIRE', key, ttl)
    else
        redis.call('PERSIST', key)
    end
end

-- Queues the jobs that waited for this one and have no other parent to wait for. What cannot be read stays where it
-- is. Returns whether there were none at all.
local function release(id, failed, iso)
    local moved = {}
    local children = redis.pcall('SMEMBERS', 'rq:job:' .. id .. ':dependents')
    for _, child in ipairs(children) do
        local key = 'rq:job:' .. child
        local fields = redis.pcall('HMGET', key, 'data', 'status', 'origin', 'allow_dependency_failures',
            'enqueue_at_front', 'ttl')
        local lenient = fields[4] == '1'
        local ready = fields[1] and fields[3] and fields[2] ~= 'canceled' and (lenient or not failed)
        if ready then
            for _, parent in ipairs(redis.pcall('SMEMBERS', 'rq:job::' .. child .. ':dependencies')) do
                local status = parent ~= id and redis.pcall('HGET', 'rq:job:' .. parent, 'status')
                if status and status ~= 'finished' and not (lenient and status == 'failed') then
                    ready = false
                end
            end
        end
        if ready then
            redis.call('ZREM', 'rq:deferred:' .. fields[3], child)
            redis.call('HSET', key, 'status', 'queued', 'enqueued_at', iso)
            if tonumber(fields[6] or '') then
                expire(child, fields[6])
            end
            redis.call(fields[5] == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. fields[3], child)
            moved[#moved + 1] = child
        end
    end
    if #moved > 0 then
        redis.call('SREM', 'rq:job:' .. id .. ':dependents', unpack(moved))
    end
    return #children == 0
end

