-- Notes that a cron job was enqueued, unless somebody has noted it.
--
-- KEYS  1 rq:cron_jobs   2 rq:cron_job:NAME:jobs
-- ARGV  1 the cron job's name   2 now in Unix seconds with fraction   3 job id
if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[3]) == 0 then
    return 0
end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1001)
redis.call('EXPIRE', KEYS[2], 31536000)
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
return 1
