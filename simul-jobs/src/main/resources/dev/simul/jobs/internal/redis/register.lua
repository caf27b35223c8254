-- Announces a worker, unless one of that name is alive.
--
-- Of a worker of ours Redis knows within seconds that it is dead, because its lease has run out: its name is free then,
-- whatever its hash says. The new one takes the lease in the same step, so of two at a time only one comes in.
--
-- KEYS  1 the worker's hash   2 its lease   3 rq:workers   4... rq:workers:Q for each of its queues
-- ARGV  1 seconds until it counts as dead without a heartbeat   2 how long a lease holds, in milliseconds
--       3 what our workers have as their version   4... field, value, field, value, ...
-- Returns 1, or 0 if the name is taken.
local found = redis.call('HMGET', KEYS[1], 'version', 'x_java_running')
local ours = found[1] == ARGV[3] or (not found[1] and found[2]) -- the second: what is left after Redis forgot the rest
if redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HEXISTS', KEYS[1], 'death') == 0
    and (not ours or redis.call('EXISTS', KEYS[2]) == 1) then
    return 0
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('EXPIRE', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
for i = 3, #KEYS do
    redis.call('SADD', KEYS[i], KEYS[1])
end
return 1
