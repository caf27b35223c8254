-- Removes a queue with all jobs that stand in it or in one of its registries.
--
-- KEYS  1 rq:queues   2 the queue's list   3... its registries, whose members are job ids or id:execution
-- Returns how many jobs there were.
local ids = redis.call('LRANGE', KEYS[2], 0, -1)
for k = 3, #KEYS do
    for _, entry in ipairs(redis.call('ZRANGE', KEYS[k], 0, -1)) do
        local id, execution = string.match(entry, '^([^:]+):(.+)$')
        if execution then
            redis.call('DEL', 'rq:execution:' .. entry, 'rq:executions:' .. id)
        end
        ids[#ids + 1] = id or entry
    end
end
for _, id in ipairs(ids) do
    redis.call('DEL', 'rq:job:' .. id, 'rq:job:' .. id .. ':dependents', 'rq:job::' .. id .. ':dependencies',
        'rq:results:' .. id)
end
redis.call('DEL', unpack(KEYS, 2))
redis.call('SREM', KEYS[1], KEYS[2])
return #ids
