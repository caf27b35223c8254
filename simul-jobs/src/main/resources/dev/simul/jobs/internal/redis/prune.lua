-- Drops the ids of a registry whose jobs are gone.
--
-- KEYS  1 the registry
-- Returns how many.
local dropped = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
    if redis.call('EXISTS', 'rq:job:' .. id) == 0 then
        dropped = dropped + redis.call('ZREM', KEYS[1], id)
    end
end
return dropped
