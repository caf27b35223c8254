-- Takes jobs out of a group that do not exist any more, and the group out of the list if it is empty then.
--
-- KEYS  1 rq:group:NAME   2 rq:groups
-- ARGV  1 the group's name
-- Returns how many jobs are left.
for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    if redis.call('EXISTS', 'rq:job:' .. id) == 0 then
        redis.call('SREM', KEYS[1], id)
    end
end
local left = redis.call('SCARD', KEYS[1])
if left == 0 then
    redis.call('SREM', KEYS[2], ARGV[1])
end
return left
