-- The rest of enqueue.lua: several jobs, or some with a plan.

-- Looks, without writing, whether a job has to be refused: why, and who is in its way. Nil if it is welcome.
local function refusal(id, plan)
    if redis.call('HGET', 'rq:job:' .. id, 'created_at') == iso then
        return nil
    end
    local other = duplicate_of(id, plan)
    if other and (not plan.duplicate or plan.duplicate == 'replace' and other == id
            and redis.call('HGET', 'rq:job:' .. id, 'status') == 'started') then
        return 'duplicate', other
    elseif plan.parents and not met(plan) and circular(id, plan.parents) then
        return 'circular', id
    end
end

local back, front = {}, {}

local function place(i, id, plan)
    local known = redis.call('HMGET', 'rq:job:' .. id, 'created_at', 'origin')
    if known[1] == iso then
        return nil
    end
    local other = duplicate_of(id, plan)
    if other and plan.duplicate == 'existing' then
        return other
    elseif other then
        withdraw(other)
    end
    if known[2] then -- it is overwritten, so it must not wait somewhere else as well, nor vanish with its old result
        redis.call('ZREM', 'rq:deferred:' .. known[2], id)
        redis.call('ZREM', 'rq:scheduled:' .. known[2], id)
        redis.call('ZREM', 'rq:canceled:' .. known[2], id)
        redis.call('PERSIST', 'rq:job:' .. id)
    end

    local status = 'queued'
    if plan.due then
        status = 'scheduled'
    elseif plan.parents and not met(plan) then
        status = 'deferred'
    elseif plan.limit then
        status = 'rate_limited'
    end
    save(i, id, status, '0')
    if status == 'queued' then
        local list = plan.front and front or back
        list[#list + 1] = id
    else
        redis.call('HDEL', 'rq:job:' .. id, 'enqueued_at')
    end
    if status == 'scheduled' then
        redis.call('ZADD', 'rq:scheduled:' .. queue, plan.due, id)
    elseif status == 'deferred' then
        redis.call('ZADD', 'rq:deferred:' .. queue, now, id)
        for _, parent in ipairs(plan.parents) do
            redis.call('SADD', 'rq:job:' .. parent .. ':dependents', id)
            redis.call('SADD', 'rq:job::' .. id .. ':dependencies', parent)
        end
    end
    if plan.group then
        redis.call('SADD', 'rq:group:' .. plan.group, id)
        redis.call('SADD', 'rq:groups', plan.group)
    end
    if plan.lock then
        redis.call('SET', lock_of(plan), id, 'PX', plan.ms)
    end
    if plan.ttl then
        redis.call('EXPIRE', 'rq:job:' .. id, plan.ttl)
        redis.call('EXPIRE', 'rq:job:' .. id .. ':dependents', plan.ttl)
        redis.call('EXPIRE', 'rq:job::' .. id .. ':dependencies', plan.ttl)
    end
    return nil, status == 'rate_limited'
end

local plans, number, i = {}, 0, 4
while i <= #ARGV do
    local how = ARGV[i + 1]
    if how ~= 'R' and how ~= 'L' then
        local plan = cjson.decode(how)
        local why, other = refusal(ARGV[i], plan)
        if why then
            return {{number, why, other, redis.call('HGET', 'rq:job:' .. other, 'origin') or queue}}
        end
        plans[i] = plan
    end
    number, i = number + 1, i + 6 + ARGV[i + 5]
end

redis.call('SADD', KEYS[1], 'rq:queue:' .. queue)
local answers, limited_jobs = {}, {}
number, i = 0, 4
while i <= #ARGV do
    local id, plan = ARGV[i], plans[i]
    if plan then
        local other, limited = place(i, id, plan)
        if other then
            local origin = redis.call('HGET', 'rq:job:' .. other, 'origin')
            answers[#answers + 1] = {number, 'existing', other, origin or queue}
        elseif limited then
            limited_jobs[#limited_jobs + 1] = i
        end
    elseif save(i, id, 'queued', '1') == 0 then
        came_twice(id)
    elseif ARGV[i + 1] == 'R' then
        back[#back + 1] = id
    else
        front[#front + 1] = id
    end
    number, i = number + 1, i + 6 + ARGV[i + 5]
end
if #back > 0 then
    redis.call('RPUSH', KEYS[2], unpack(back))
end
if #front > 0 then
    redis.call('LPUSH', KEYS[2], unpack(front))
end
for _, at in ipairs(limited_jobs) do
    wait_for_slot(ARGV[at], plans[at].limit.key, plans[at].limit.concurrency, iso, now)
end
return answers
