-- How a job leaves the places where it stands; scripts that take jobs away begin with job.lua and this text.
--
-- Nothing here reads KEYS or ARGV.

local function take_out(id, queue)
    redis.call('LREM', 'rq:queue:' .. queue, 0, id)
    redis.call('LREM', 'rq:queue:' .. queue .. ':intermediate', 0, id)
    for _, registry in ipairs({'finished', 'failed', 'deferred', 'scheduled', 'canceled', 'ready'}) do
        redis.call('ZREM', 'rq:' .. registry .. ':' .. queue, id)
    end
end

-- The executions of a job, from its own registry and, if that has expired, from the queue's.
local function executions(id, queue)
    local found = redis.call('ZRANGE', 'rq:executions:' .. id, 0, -1)
    if #found == 0 then
        local prefix = id .. ':'
        for _, member in ipairs(redis.call('ZRANGE', 'rq:wip:' .. queue, 0, -1)) do
            if string.sub(member, 1, #prefix) == prefix then
                found[#found + 1] = string.sub(member, #prefix + 1)
            end
        end
    end
    return found
end

-- A worker that still runs one of them finds that it is not its own any more, and stops it.
local function end_executions(id, queue)
    for _, execution in ipairs(executions(id, queue)) do
        local member = id .. ':' .. execution
        local worker = redis.call('HGET', 'rq:execution:' .. member, 'worker_name')
        if worker then
            redis.call('SREM', 'rq:worker:' .. worker .. ':executions', member)
        end
        redis.call('DEL', 'rq:execution:' .. member)
        redis.call('ZREM', 'rq:wip:' .. queue, member)
    end
    redis.call('DEL', 'rq:executions:' .. id)
end

-- Asks whoever runs the job to stop it: by a field, which its worker's heartbeat finds however long the worker was
-- away, and by RQ's message, which is quick. The field holds the execution, so that it means nothing to a later one.
-- Returns how many have heard the message.
local function ask_to_stop(id, queue)
    local running = executions(id, queue)
    redis.call('HSET', 'rq:job:' .. id, 'x_stop', running[#running] or '')
    local worker = redis.call('HGET', 'rq:job:' .. id, 'worker_name')
    return redis.call('PUBLISH', 'rq:pubsub:' .. (worker or ''),
        '{"command": "stop-job", "job_id": ' .. cjson.encode(id) .. '}')
end

-- A job that is not going to run gives its slot, or its wait for one, to the next.
local function leave_limit(id, key, iso, now)
    redis.call('ZREM', 'rq:rl:' .. key .. ':rate_limited', id)
    free_unused_slot(id, key, iso, now)
end

local function forget(id, queue, iso, now)
    local fields = redis.call('HMGET', 'rq:job:' .. id, 'origin', 'rate_limit_key', 'status')
    if fields[1] and fields[1] ~= '' then
        queue = fields[1]
    end
    take_out(id, queue)
    end_executions(id, queue)
    for _, parent in ipairs(redis.call('SMEMBERS', 'rq:job::' .. id .. ':dependencies')) do
        redis.call('SREM', 'rq:job:' .. parent .. ':dependents', id)
    end
    redis.call('DEL', 'rq:queue:' .. queue .. ':intermediate:first_seen:' .. id)
    discard(id)
    if fields[2] and fields[3] ~= 'started' then -- the slot of a running job is maintenance's to free, as in RQ 3.0
        leave_limit(id, fields[2], iso, now)
    end
end

-- Cancels a job that does not run.
local function withdraw(id, queue, iso, now)
    take_out(id, queue)
    redis.call('HSET', 'rq:job:' .. id, 'status', 'canceled')
    redis.call('ZADD', 'rq:canceled:' .. queue, now, id)
    local key = redis.call('HGET', 'rq:job:' .. id, 'rate_limit_key')
    if key then
        leave_limit(id, key, iso, now)
    end
end

-- What becomes of the jobs that wait for this one.
local function decide(id, what, iso, now)
    if what == 'ENQUEUE' then
        release(id, false, iso, now)
    elseif what == 'CANCEL' or what == 'DELETE' then
        local open, seen = {id}, {[id] = true}
        while #open > 0 do
            local parent = table.remove(open)
            for _, child in ipairs(redis.call('SMEMBERS', 'rq:job:' .. parent .. ':dependents')) do
                local fields = redis.call('HMGET', 'rq:job:' .. child, 'status', 'origin')
                if not seen[child] and fields[2] then
                    seen[child] = true
                    open[#open + 1] = child
                    if what == 'CANCEL' and (fields[1] == 'deferred' or fields[1] == 'ready_to_enqueue') then
                        withdraw(child, fields[2], iso, now)
                    end
                end
            end
        end
        seen[id] = nil
        if what == 'DELETE' then
            for child in pairs(seen) do
                forget(child, '', iso, now)
            end
        end
    end
end
