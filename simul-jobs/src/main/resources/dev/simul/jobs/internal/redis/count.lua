-- Counts the jobs of queues by where they stand.
--
-- KEYS  1 rq:queues
-- ARGV  1 now in Unix seconds   2... names of queues; all that are known if none is given
-- Returns per queue its name and 13 values in the order of QueueInfo; and the members of rq:queues that are no queues.
local names, strangers = {}, {}
if #ARGV > 1 then
    names = {unpack(ARGV, 2)}
else
    local prefix = 'rq:queue:'
    for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
        if string.sub(key, 1, #prefix) == prefix then
            names[#names + 1] = string.sub(key, #prefix + 1)
        else
            strangers[#strangers + 1] = key
        end
    end
    table.sort(names)
end

local function size(command, key)
    local n = redis.pcall(command, key)
    return type(n) == 'number' and n or -1
end

local function unexpired(key)
    local expired = redis.pcall('ZCOUNT', key, 0, ARGV[1])
    return type(expired) == 'number' and redis.call('ZCARD', key) - expired or -1
end

local queues = {}
for _, name in ipairs(names) do
    local list = 'rq:queue:' .. name
    local next_id = redis.pcall('LINDEX', list, 0)
    local oldest = type(next_id) == 'string' and redis.pcall('HGET', 'rq:job:' .. next_id, 'enqueued_at')
    queues[#queues + 1] = {
        name,
        size('LLEN', list),
        size('ZCARD', 'rq:wip:' .. name),
        unexpired('rq:finished:' .. name),
        unexpired('rq:failed:' .. name),
        size('ZCARD', 'rq:deferred:' .. name),
        size('ZCARD', 'rq:scheduled:' .. name),
        size('ZCARD', 'rq:canceled:' .. name),
        size('ZCARD', 'rq:ready:' .. name),
        size('LLEN', list .. ':intermediate'),
        size('LLEN', 'simul:rq:unreadable:' .. name),
        size('SCARD', 'rq:workers:' .. name),
        redis.call('EXISTS', 'simul:rq:paused:' .. name),
        type(oldest) == 'string' and oldest or '',
    }
end
return {queues, strangers}
