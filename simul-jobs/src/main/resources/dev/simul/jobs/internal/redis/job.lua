-- What scripts do with jobs; those that need it begin with this text.
--
-- Nothing here reads KEYS or ARGV. iso is the present moment as RQ writes it, now the same in whole Unix seconds.

-- A whole number from a hash; 0 for whatever is none. What we write back must stay one: Python workers end on others.
local function whole(text)
    return text and #text < 10 and string.match(text, '^%d+$') and tonumber(text) or 0
end

-- A whole number as an argument of a command. Redis spells numbers out to 17 digits, which takes longer than most of
-- what it is then told to do.
local spelt = {}
local function spell(number)
    local known = spelt[number]
    if not known then
        known = string.format('%d', number)
        spelt[number] = known
    end
    return known
end

-- Writes fields of a job's hash; false if the hash has vanished (deleted while the job ran).
local function record(id, ...)
    -- A started job has all of these fields but ended_at, so more than one new field means a new hash.
    if redis.call('HSET', 'rq:job:' .. id, ...) > 1 then
        redis.call('DEL', 'rq:job:' .. id)
        return false
    end
    return true
end

-- The job's keys always share a life time; it mostly has neither dependents nor dependencies, which the caller may
-- know.
local function expire(id, ttl, childless, parentless)
    redis.call('EXPIRE', 'rq:job:' .. id, ttl)
    if not parentless then
        redis.call('EXPIRE', 'rq:job::' .. id .. ':dependencies', ttl)
    end
    if not childless then
        redis.call('EXPIRE', 'rq:job:' .. id .. ':dependents', ttl)
    end
end

-- The field ttl of a job that is going to wait: how long it may. What is no such time does not count.
local function expire_waiting(id, ttl)
    local seconds = whole(ttl)
    if seconds > 0 then
        expire(id, seconds)
    end
end

local function discard(id)
    local group = redis.call('HGET', 'rq:job:' .. id, 'group_id')
    if group and group ~= '' then
        redis.pcall('SREM', 'rq:group:' .. group, id)
    end
    redis.call('DEL', 'rq:job:' .. id, 'rq:job:' .. id .. ':dependents', 'rq:job::' .. id .. ':dependencies',
        'rq:results:' .. id, 'rq:executions:' .. id)
end

-- Adds an entry to a job's results, given as type, field, value, field, value, ...
local function keep_result(id, ttl, ...)
    local key = 'rq:results:' .. id
    local added = redis.pcall('XADD', key, 'MAXLEN', '10', '*', 'type', ...)
    if type(added) == 'table' and added.err then -- of another type: nobody could ever read it
        redis.call('DEL', key)
        redis.call('XADD', key, '*', 'type', ...)
    end
    if ttl > 0 then
        redis.call('EXPIRE', key, spell(ttl))
    else
        redis.call('PERSIST', key)
    end
end

-- A list of seconds from a job's hash; what cannot be read is no list.
local function seconds_list(text)
    local ok, list = pcall(cjson.decode, text or '')
    if not ok then
        return {}
    elseif type(list) ~= 'table' then
        list = {list}
    end
    local seconds = {}
    for i, value in ipairs(list) do
        local number = tonumber(value)
        seconds[i] = number and number > 0 and number < 2 ^ 31 and math.floor(number) or 0
    end
    return seconds
end

-- Puts a job into the registry of scheduled ones, where a scheduler finds it when that many seconds have passed.
local function schedule(id, queue, seconds, now)
    redis.call('SADD', 'rq:queues', 'rq:queue:' .. queue)
    redis.call('ZADD', 'rq:scheduled:' .. queue, now + seconds, id)
end

-- Rate limits (RQ 3.0)
--
-- A job with a rate limit is queued or started only while its id stands in the limit's set of allowed ones; until
-- then it stands in the set of waiting ones, with a status that RQ up to 2.12 cannot read. So this is only for jobs
-- that say they have a limit, which nobody but RQ 3.0, or we when told that all workers are, has given them.

-- Queues jobs that wait for a slot of the limit, as long as there are free ones.
local function fill_slots(key, concurrency, iso, now)
    local allowed, waiting = 'rq:rl:' .. key .. ':allowed', 'rq:rl:' .. key .. ':rate_limited'
    while redis.call('ZCARD', allowed) < concurrency do
        local id = redis.call('ZPOPMIN', waiting)[1]
        if not id then
            return
        end
        local fields = redis.pcall('HMGET', 'rq:job:' .. id, 'origin', 'status', 'enqueue_at_front')
        if fields[1] and fields[2] == 'rate_limited' then
            redis.call('ZADD', allowed, now, id)
            redis.call(fields[3] == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. fields[1], id)
            redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'enqueued_at', iso)
        end
    end
end

-- Lets a job wait for a slot of its limit, and on if there is one.
local function wait_for_slot(id, key, concurrency, iso, now)
    redis.call('SADD', 'rq:rl-keys', key)
    redis.call('HSET', 'rq:rl:' .. key, 'concurrency', concurrency)
    redis.call('HSET', 'rq:job:' .. id, 'status', 'rate_limited')
    redis.call('ZADD', 'rq:rl:' .. key .. ':rate_limited', now, id)
    fill_slots(key, tonumber(concurrency), iso, now)
end

-- Gives a job's slot back after the end of its run, which the caller has written, to the next one that waits.
local function free_slot(id, key, iso, now)
    redis.call('ZREM', 'rq:rl:' .. key .. ':allowed', id)
    local concurrency = tonumber(redis.call('HGET', 'rq:rl:' .. key, 'concurrency') or '')
    if concurrency then
        fill_slots(key, concurrency, iso, now)
    end
end

-- The same for callers that do not know whether the job still runs (cancel, delete, maintenance): a slot that is in
-- use stays.
local function free_unused_slot(id, key, iso, now)
    local status = redis.pcall('HGET', 'rq:job:' .. id, 'status')
    if status == 'queued' or status == 'started'
        or redis.call('ZCOUNT', 'rq:executions:' .. id, '(' .. now, '+inf') > 0
        or not redis.call('ZSCORE', 'rq:rl:' .. key .. ':allowed', id) then
        return
    end
    free_slot(id, key, iso, now)
end

-- Queues a job that has waited for something else, by way of its rate limit if it has one.
local function enqueue_waiting(id, queue, front, ttl, key, concurrency, iso, now)
    if key and key ~= '' and whole(concurrency) > 0 then
        if front == '1' then
            redis.call('HSET', 'rq:job:' .. id, 'enqueue_at_front', '1') -- for whoever hands it the slot
        end
        wait_for_slot(id, key, concurrency, iso, now)
    else
        redis.call(front == '1' and 'LPUSH' or 'RPUSH', 'rq:queue:' .. queue, id)
        redis.call('HSET', 'rq:job:' .. id, 'status', 'queued', 'enqueued_at', iso)
    end
    expire_waiting(id, ttl)
end

-- Dependents

local WAITS = {[''] = true, created = true, deferred = true, ready_to_enqueue = true}
local WENT_ON = {queued = true, started = true, scheduled = true, finished = true, failed = true, rate_limited = true}

-- Queues a job that waited for this parent if it waits for no other one. A parent that does not exist any more is
-- none. Returns whether it has gone on, now or earlier.
local function release_child(parent, child, failed, iso, now)
    if not string.match(child, '^[A-Za-z0-9_-]+$') then
        return false -- in a list, it would end every Python worker
    end
    local fields = redis.pcall('HMGET', 'rq:job:' .. child, 'data', 'status', 'origin', 'allow_dependency_failures',
        'enqueue_at_front', 'ttl', 'rate_limit_key', 'rate_limit_concurrency')
    local status, origin, lenient = fields[2] or '', fields[3], fields[4] == '1'
    if WENT_ON[status] then
        redis.call('ZREM', 'rq:deferred:' .. (origin or ''), child) -- it may have been enqueued by hand
        return true
    elseif not fields[1] or not origin or not WAITS[status] or (failed and not lenient) then
        return false
    end
    for _, other in ipairs(redis.pcall('SMEMBERS', 'rq:job::' .. child .. ':dependencies')) do
        local outcome = other ~= parent and redis.pcall('HGET', 'rq:job:' .. other, 'status')
        if outcome and outcome ~= 'finished' and not (lenient and outcome == 'failed') then
            return false
        end
    end
    enqueue_waiting(child, origin, fields[5], fields[6], fields[7], fields[8], iso, now)
    redis.call('ZREM', 'rq:deferred:' .. origin, child)
    if status == 'ready_to_enqueue' then
        redis.call('ZREM', 'rq:ready:' .. origin, child)
    end
    return true
end

-- Queues the jobs that waited for this one and have no other parent to wait for. What cannot be read or moved stays
-- where it is. Returns whether there were none at all.
local function release(id, failed, iso, now)
    local children = redis.pcall('SMEMBERS', 'rq:job:' .. id .. ':dependents')
    if #children == 0 then
        return true
    end
    now = now or tonumber(redis.call('TIME')[1])
    for _, child in ipairs(children) do
        local ok, gone = pcall(release_child, id, child, failed, iso, now)
        if ok and gone then
            redis.call('SREM', 'rq:job:' .. id .. ':dependents', child)
        end
    end
    return false
end

-- Moves a job on that RQ 3.0 has put into its registry of ready ones, and takes out of it what does not belong there.
local function enqueue_ready(id, queue, iso, now)
    local fields = redis.pcall('HMGET', 'rq:job:' .. id, 'data', 'status', 'enqueue_at_front', 'ttl',
        'rate_limit_key', 'rate_limit_concurrency')
    if fields[1] and fields[2] == 'ready_to_enqueue' then
        enqueue_waiting(id, queue, fields[3], fields[4], fields[5], fields[6], iso, now)
    end
    redis.call('ZREM', 'rq:ready:' .. queue, id)
end

