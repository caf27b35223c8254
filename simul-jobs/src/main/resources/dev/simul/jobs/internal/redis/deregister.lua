-- Says that a worker has ended; its hash stays for a minute for those who look.
--
-- KEYS  1 the worker's hash   2 its executions   3 rq:workers   4... rq:workers:Q for each of its queues
-- ARGV  1 time of death
for i = 3, #KEYS do
    redis.call('SREM', KEYS[i], KEYS[1])
end
redis.call('HSET', KEYS[1], 'death', ARGV[1])
redis.call('EXPIRE', KEYS[1], 60)
redis.call('DEL', KEYS[2])
return 1
