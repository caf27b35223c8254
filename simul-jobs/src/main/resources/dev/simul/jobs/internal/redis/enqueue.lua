-- Saves jobs of one queue and puts each where it belongs: on the queue's list, or in the registry in which it waits.
--
-- KEYS  1 rq:queues   2 the queue's list, or one of the caller's own
-- ARGV  1 the queue's name   2 now as ISO   3 now in whole Unix seconds   4... per job: id, how, timeout, data,
--       description, number of further arguments, and those: field, value, field, value, ...
--       how is R or L for a job that goes to the back or the front of the list, else a plan in JSON:
--         front     true: to the front
--         ttl       seconds until it vanishes unrun
--         due       Unix seconds at which it is put on the list
--         parents   ids that must have finished before; lenient: or failed
--         counts    true: it has fields that count down, which must not begin anew if it comes twice
--         group     name
--         limit     {key, concurrency}, RQ 3.0's rate limit
--         unique    true: the id must be new
--         lock      what else must be new; ms: for how long, or pending: while a job that has it waits or runs
--         duplicate existing or replace: what is done instead of refusing the job
-- Returns for each job that was not saved {its number, counting from 0, why, id and queue of the one that is there}.
-- If one is refused, nothing is written at all.
--
-- Everything here may come twice, when the connection breaks before the answer; the second time finds a job that was
-- created at the same microsecond and leaves it alone.
local queue, iso, now = ARGV[1], ARGV[2], tonumber(ARGV[3])

-- What a run reads and writes stands first, for Redis looks through a small hash from its beginning; and to find that it
-- lacks a field takes longest. So a job that has no other fields than these 16 says that it is plain: reserve.lua does not
-- ask it for others as long as it has that many, and no worker has had it.
local function save(i, id, status, plain)
    return redis.call('HSET', 'rq:job:' .. id, 'status', status, 'x_plain', plain, 'started_at', '', 'last_heartbeat', '',
        'worker_name', '', 'ended_at', '', 'data', ARGV[i + 3], 'timeout', ARGV[i + 2],
        'success_callback_name', '', 'failure_callback_name', '', 'stopped_callback_name', '',
        'group_id', '', 'origin', queue, 'description', ARGV[i + 4], 'created_at', iso, 'enqueued_at', iso,
        unpack(ARGV, i + 6, i + 5 + ARGV[i + 5]))
end

-- A job with an id that nobody else can have was there: it came a second time, and we have just said that it is queued.
local function came_twice(id)
    local job, result = 'rq:job:' .. id, redis.call('XREVRANGE', 'rq:results:' .. id, '+', '-', 'COUNT', 1)[1]
    redis.call('HSET', job, 'x_plain', '0') -- its worker's name has just been overwritten
    if redis.call('ZSCORE', 'rq:canceled:' .. queue, id) then
        redis.call('HSET', job, 'status', 'canceled')
    elseif redis.call('EXISTS', 'rq:executions:' .. id) == 1 then
        redis.call('HSET', job, 'status', 'started')
    elseif result and result[2][2] == '1' then
        redis.call('HSET', job, 'status', 'finished')
    elseif result and result[2][2] ~= '4' then
        redis.call('HSET', job, 'status', 'failed')
    end
end

-- One plain job, which most are, pays for nothing of what follows.
if (ARGV[5] == 'R' or ARGV[5] == 'L') and #ARGV == 9 + ARGV[9] then
    redis.call('SADD', KEYS[1], 'rq:queue:' .. queue)
    if save(4, ARGV[4], 'queued', '1') == 0 then
        came_twice(ARGV[4])
    else
        redis.call(ARGV[5] == 'R' and 'RPUSH' or 'LPUSH', KEYS[2], ARGV[4])
    end
    return {}
end
