-- Gives jobs back that Redis has handed to this worker in an answer that got lost on the way.
--
-- KEYS  as in ending.lua
-- ARGV  1-4 as in ending.lua   5 first 24 digits of their execution ids   6 how many queues   7... the queues, then the
--       entries (job:execution) of the started registries that the worker has heard of
-- Returns the ids of the jobs.
local count = tonumber(ARGV[6])
local known = {}
for i = 7 + count, #ARGV do
    known[ARGV[i]] = true
end
local ids = {}
for q = 7, 6 + count do
    local lost = {}
    for _, member in ipairs(redis.call('ZRANGE', 'rq:wip:' .. ARGV[q], 0, -1)) do
        local id, execution = string.match(member, '^([^:]+):([^:]+)$')
        if execution and string.sub(execution, 1, 24) == ARGV[5] and not known[member] then
            lost[#lost + 1] = {id, execution}
        end
    end
    table.sort(lost, function(a, b) return a[2] > b[2] end) -- each goes to the front, so the first comes last
    for _, job in ipairs(lost) do
        to_front(ARGV[q], job[1], job[2])
        ids[#ids + 1] = job[1]
    end
end
flush(1, {})
if #ids > 0 and redis.call('HINCRBY', KEYS[1], 'x_java_running', -#ids) <= 0 then
    redis.call('HSET', KEYS[1], 'state', 'idle', 'x_java_running', '0')
end
return ids
