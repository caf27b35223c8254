-- Shows that a cron scheduler lives, with its whole hash: readers of RQ up to 2.11 end on one that lacks a field.
--
-- KEYS  1 rq:cron_schedulers   2 rq:cron_scheduler:NAME
-- ARGV  1 scheduler's name   2 now in Unix seconds with fraction   3... field, value, ...
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[2], 120)
return 1
