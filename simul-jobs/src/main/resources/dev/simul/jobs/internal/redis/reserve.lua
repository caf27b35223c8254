-- Moves up to a number of jobs from their queues' lists to the started registries and marks them started.
--
-- A job is in its list or in its registry at every instant, whatever dies: the ids leave the list last, so that an
-- error on the way (no memory, a key of a wrong type) leaves them in both. RQ's intermediate list is not needed,
-- because nothing can happen between the two halves of one script.
--
-- What no RQ program could load never becomes a job: an id without a hash is dropped, as RQ does; an id with other
-- characters than RQ allows, or with a key that is no job, goes to a list of its own, because in a registry it would
-- end every Python worker that cleans up there.
--
-- A queue may be paused, or have limits that hold for all workers. That is looked up in the one MGET that also tells of a
-- suspension, so who uses neither pays nothing for it. A job may have a limit for all jobs of its key (x_limit, a number,
-- a colon, the key); one that has to wait goes to the end of its list.
--
-- KEYS  1 the worker's hash   2 its executions   3 rq:suspended   4... for each queue: pause, limits
--       then for each queue: its list, its started registry, its list of unreadable ids
-- ARGV  1 worker's name   2 now as ISO   3 now in Unix seconds with fraction   4 the same as a whole number
--       5 heartbeat interval in seconds   6 1: publish the current job   7 how many jobs at most
--       8 first 24 digits of the execution ids   9 number of queues
--       10 1: tell the extra fields of every job, for somebody wants to know how long it has waited, or its signature
--       11... an order other than that of the keys: index of a queue, how many jobs of it at first, the next one ...
-- Returns {1} if all workers are suspended, else {0, jobs, ids put aside, 1: nothing is left that may be taken, {index of
-- a queue that is held back, after how many milliseconds to ask again, 1: it has jobs} ...}. Jobs are eight values each,
-- in one list (an answer in an answer is dear): index of its queue, id, execution id, data, timeout, result_ttl, failure_ttl, and
-- nil or the extras of look(). An index counts from 0.
local worker, iso, unix, now = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local interval, publish, limit = tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[7])

local queues = tonumber(ARGV[9])
local switches = redis.call('MGET', unpack(KEYS, 3, 3 + 2 * queues))
if switches[1] then
    redis.call('HSET', KEYS[1], 'state', 'suspended', 'last_heartbeat', iso)
    redis.call('EXPIRE', KEYS[1], 480)
    return {1}
end

-- How long an execution counts as alive without a heartbeat, and what else follows from it, as arguments of commands:
-- to spell a number out takes Redis longer than most of what it is then told to do.
local lives = {}
local function life_for(timeout)
    local alive = interval + 60
    if timeout and timeout > 0 and timeout < interval then
        alive = timeout + 60
    end
    local known = lives[alive]
    if not known then
        known = {ttl = string.format('%d', alive), score = string.format('%d', now + alive),
            longer_ttl = string.format('%d', alive + 60), longer_score = string.format('%d', now + alive + 60)}
        lives[alive] = known
    end
    return known
end

local function start(id, member, execution, life, new)
    local job, hash, executions = 'rq:job:' .. id, 'rq:execution:' .. member, 'rq:executions:' .. id
    redis.call('HSET', hash, 'id', execution, 'job_id', id, 'created_at', unix, 'last_heartbeat', unix,
        'worker_name', worker)
    redis.call('EXPIRE', hash, life.ttl)
    redis.call('ZADD', executions, life.longer_score, execution)
    redis.call('EXPIRE', executions, life.longer_ttl)
    redis.call('HSET', job, 'status', 'started', 'started_at', iso, 'last_heartbeat', iso, 'worker_name', worker)
    if not new then
        redis.call('PERSIST', job)
    end
    if publish then
        redis.call('SADD', KEYS[2], member)
        redis.call('HSET', KEYS[1], 'current_job', id, 'current_job_working_time', '0')
    end
end

-- What a job says of its run: data (nil if it is none), timeout, result_ttl, failure_ttl, extras (what only some jobs ask for),
-- x_limit; and whether it is new and plain: it then has none of these but the first two, and no life time to take away.
local function look(id)
    local job = 'rq:job:' .. id
    local first = redis.pcall('HMGET', job, 'data', 'timeout', 'x_plain', 'worker_name')
    if not first[1] then
        return nil
    elseif first[3] == '1' and first[4] == '' and ARGV[10] ~= '1' and redis.call('HLEN', job) == 16 then
        return first[1], first[2], false, false, false, false, true -- see enqueue.lua
    end
    local more = redis.call('HMGET', job, 'result_ttl', 'failure_ttl', 'x_limit', 'success_callback_name',
        'failure_callback_name', 'webhooks', 'repeats_left', 'rate_limit_key')
    local success, failure, webhooks, repeats, limit = unpack(more, 4, 8)
    local plain = (success or '') == '' and (failure or '') == '' and not webhooks and not repeats and not limit
    local extras = false
    if not plain or ARGV[10] == '1' then
        local most = redis.call('HMGET', job, 'success_callback_timeout', 'failure_callback_timeout', 'enqueued_at',
            'x_sig')
        extras = {success, failure, webhooks, repeats, limit, unpack(most, 1, 4)}
    end
    return first[1], first[2], more[1], more[2], extras, more[3], false
end

-- How many more jobs a queue's limits let start, or none and the milliseconds until that may change. What is no limit
-- does not count. The starts of the time that a rate looks at stand in a set of their own, by Redis's clock.
local POLL = 200
local function room(text, registry, starts)
    local ok, limits = pcall(cjson.decode, text)
    local free = limit
    if not ok or type(limits) ~= 'table' then
        return free
    end
    local concurrency, rate, per = tonumber(limits.concurrency), tonumber(limits.rate), tonumber(limits.per_ms)
    if concurrency then
        free = math.min(free, concurrency - redis.call('ZCARD', registry))
        if free < 1 then
            return 0, POLL
        end
    end
    if rate and per then
        local time = redis.call('TIME')
        local ms = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZREMRANGEBYSCORE', starts, '-inf', ms - per)
        free = math.min(free, rate - redis.call('ZCARD', starts))
        if free < 1 then
            local oldest = redis.call('ZRANGE', starts, 0, 0, 'WITHSCORES')[2]
            return 0, math.max(1, math.min(per, (oldest or ms) + per - ms))
        end
        return free, 0, ms, per
    end
    return free
end

local jobs, begun, aside, held, taken = {}, 0, {}, {}, 0

-- Whether a job may run beside those of its key; it has a slot then. A slot is free again when its execution is gone,
-- however that came about, so nobody has to give it back.
local function slot(limit_of_key, id, execution)
    local most, key = string.match(limit_of_key, '^(%d+):(.+)$')
    if not most then
        return true
    end
    key = 'simul:rq:slots:' .. key
    local holders = redis.call('SMEMBERS', key)
    local count = #holders
    if count >= tonumber(most) then
        for _, holder in ipairs(holders) do
            if redis.call('EXISTS', 'rq:execution:' .. holder) == 0 then
                redis.call('SREM', key, holder)
                count = count - 1
            end
        end
    end
    if count >= tonumber(most) then
        return false
    end
    redis.call('SADD', key, id .. ':' .. execution)
    redis.call('EXPIRE', key, 86400)
    return true
end

-- A number in eight digits, the last of an execution id.
local HEX = '0123456789abcdef'
local function digits(number)
    if number > 255 then
        return string.format('%08x', number)
    end
    local high = math.floor(number / 16)
    local low = number - 16 * high
    return '000000' .. string.sub(HEX, high + 1, high + 1) .. string.sub(HEX, low + 1, low + 1)
end

-- Takes up to so many jobs of a queue; returns whether it may have more.
local looked = 0
local function take(queue, most)
    local k = 4 + 2 * queues + 3 * queue
    local paused, limits = switches[2 + 2 * queue], switches[3 + 2 * queue]
    local starts, ms, per
    if paused then
        held[#held + 1] = {queue, 1000, 0}
        return false
    elseif limits then
        starts = 'simul:rq:starts:' .. string.sub(KEYS[5 + 2 * queue], #'simul:rq:limits:' + 1)
        local free, wait
        free, wait, ms, per = room(limits, KEYS[k + 1], starts)
        if free == 0 or free < most then
            held[#held + 1] = {queue, free == 0 and wait or POLL, redis.call('LLEN', KEYS[k]) > free and 1 or 0}
        end
        if free == 0 then
            return false
        end
        most = math.min(most, free)
    end
    local ids = redis.call('LRANGE', KEYS[k], 0, most - 1)
    local full = 0 -- of jobs that have to wait for others of their key
    taken = taken + #ids
    local started = {}
    for _, id in ipairs(ids) do
        local valid = string.find(id, '^[%w_-]+$')
        local data, timeout, result_ttl, failure_ttl, extras, limit_of_key, new
        if valid then
            data, timeout, result_ttl, failure_ttl, extras, limit_of_key, new = look(id)
        end
        local execution = ARGV[8] .. digits(begun)
        if data and limit_of_key and not slot(limit_of_key, id, execution) then
            redis.call('RPUSH', KEYS[k], id)
            full, taken = full + 1, taken - 1
        elseif data then
            local member, life = id .. ':' .. execution, life_for(tonumber(timeout or ''))
            start(id, member, execution, life, new)
            started[#started + 1] = life.score
            started[#started + 1] = member
            local n = 8 * begun
            jobs[n + 1], jobs[n + 2], jobs[n + 3], jobs[n + 4] = queue, id, execution, data
            jobs[n + 5], jobs[n + 6], jobs[n + 7], jobs[n + 8] = timeout, result_ttl, failure_ttl, extras
            begun = begun + 1
            if ms then
                redis.call('ZADD', starts, ms, execution)
                redis.call('PEXPIRE', starts, per)
            end
        elseif not valid or redis.call('EXISTS', 'rq:job:' .. id) == 1 then
            redis.call('RPUSH', KEYS[k + 2], id)
            aside[#aside + 1] = id
        end
    end
    if #started > 0 then
        redis.call('ZADD', KEYS[k + 1], unpack(started))
    end
    if #ids > 0 then
        redis.call('LTRIM', KEYS[k], #ids, -1)
    end
    if full > 0 then
        held[#held + 1] = {queue, POLL, 1}
        -- Those behind them may run; but not for ever, for what waits is in the list again.
        if #ids == most and full < redis.call('LLEN', KEYS[k]) and looked < 10 then
            looked = looked + 1
            return take(queue, full)
        end
    end
    return #ids == most
end

if #ARGV == 10 then
    for queue = 0, queues - 1 do
        if taken == limit then
            break
        end
        take(queue, limit - taken)
    end
else
    local more = {}
    for i = 11, #ARGV, 2 do
        if taken == limit then
            break
        end
        local queue = tonumber(ARGV[i])
        if take(queue, math.min(tonumber(ARGV[i + 1]), limit - taken)) then
            more[#more + 1] = queue
        end
    end
    for _, queue in ipairs(more) do -- slots that the shares of others have left free
        if taken == limit then
            break
        end
        take(queue, limit - taken)
    end
end

if begun > 0 then
    redis.call('HSET', KEYS[1], 'state', 'busy', 'last_heartbeat', iso)
    redis.call('HINCRBY', KEYS[1], 'x_java_running', begun)
    redis.call('EXPIRE', KEYS[1], interval + 60)
    if publish then
        redis.call('EXPIRE', KEYS[2], interval + 60)
    end
end
return {0, jobs, aside, taken < limit and 1 or 0, held}
