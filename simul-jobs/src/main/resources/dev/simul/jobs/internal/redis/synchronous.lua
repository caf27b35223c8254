-- Saves jobs of one queue and takes those that may run now for their caller, in one step: a caller that dies leaves them
-- taken, and never on a list where nobody looks. The text before this one has made functions of enqueue.lua and
-- reserve.lua.
--
-- KEYS  1 rq:queues   2 a list of the caller's own   3... as in reserve.lua, with that list as the queue's
-- ARGV  1 how many arguments enqueue.lua has   2 first 24 digits of the execution ids   3 the queue's name   4... the
--       arguments of enqueue.lua, then those of reserve.lua
-- Returns {answer of enqueue.lua, answer of reserve.lua}.
local function slice(list, from, to)
    local part = {}
    for i = from, to do
        part[#part + 1] = list[i]
    end
    return part
end

local list, queue, count = KEYS[2], ARGV[3], tonumber(ARGV[1])
local refused = enqueue({KEYS[1], list}, slice(ARGV, 4, 3 + count))

-- When the answer got lost, everything comes a second time: the jobs are there, and are taken anew.
local registry, before = 'rq:wip:' .. queue, {}
for _, member in ipairs(redis.call('EXISTS', KEYS[3]) == 1 and redis.call('ZRANGE', registry, 0, -1) or {}) do
    local id, execution = string.match(member, '^([^:]+):([^:]+)$')
    if execution and string.sub(execution, 1, 24) == ARGV[2] then
        before[#before + 1] = {id, execution, member}
    end
end
table.sort(before, function(a, b) return a[2] < b[2] end)
for _, taken in ipairs(before) do
    redis.call('DEL', 'rq:execution:' .. taken[3])
    redis.call('ZREM', 'rq:executions:' .. taken[1], taken[2])
    redis.call('ZREM', registry, taken[3])
    redis.call('RPUSH', list, taken[1])
end

local taken = reserve(slice(KEYS, 3, #KEYS), slice(ARGV, 4 + count, #ARGV))
-- What the queue's limits hold back is left to its workers.
for _, id in ipairs(redis.call('LRANGE', list, 0, -1)) do
    redis.call('RPUSH', 'rq:queue:' .. queue, id)
end
redis.call('DEL', list)
return {refused, taken}
