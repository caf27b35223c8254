-- Drops ids whose job is gone from a stretch of a queue.
--
-- KEYS  1 the queue's list
-- ARGV  1 index of the first   2 index of the last
-- Returns {how many ids there were, how many were dropped}.
local ids, dropped = redis.call('LRANGE', KEYS[1], ARGV[1], ARGV[2]), 0
for _, id in ipairs(ids) do
    if redis.call('EXISTS', 'rq:job:' .. id) == 0 then
        dropped = dropped + redis.call('LREM', KEYS[1], 0, id)
    end
end
return {#ids, dropped}
