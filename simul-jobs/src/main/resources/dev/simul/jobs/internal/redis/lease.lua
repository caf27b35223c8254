-- Renews the proof that a worker lives, and names the workers whose proof has run out.
--
-- Only Redis's own clock is read, so the clocks of the hosts may say what they like.
--
-- KEYS  1 simul:rq:alive:W   2... simul:rq:workers:Q for each of its queues: the Java workers, scored with the
--       millisecond until which each of them counts as alive
-- ARGV  1 worker's name   2 how long the proof holds, in milliseconds
-- Returns {1 if our own proof had run out or is the first, per queue the names of workers that are silent}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
local late, silent = 0, {}
for k = 2, #KEYS do
    if tonumber(redis.call('ZSCORE', KEYS[k], ARGV[1]) or 0) <= now then
        late = 1
    end
    redis.call('ZADD', KEYS[k], now + ARGV[2], ARGV[1])
    silent[k - 1] = redis.call('ZRANGEBYSCORE', KEYS[k], '-inf', now, 'LIMIT', 0, 10)
end
return {late, silent}
