-- Announces a worker, unless one of that name is alive.
--
-- KEYS  1 the worker's hash   2 rq:workers   3... rq:workers:Q for each of its queues
-- ARGV  1 seconds until it counts as dead without a heartbeat   2... field, value, field, value, ...
-- Returns 1, or 0 if the name is taken.
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HEXISTS', KEYS[1], 'death') == 0 then
    return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('EXPIRE', KEYS[1], ARGV[1])
for i = 2, #KEYS do
    redis.call('SADD', KEYS[i], KEYS[1])
end
return 1
