-- A job's status and its newest result, as of one instant.
--
-- KEYS  1 the job's hash   2 its result stream
-- Returns the status (nil: no such job) and, if there is one, the newest entry: its id and its fields and values.
local status = redis.call('HGET', KEYS[1], 'status')
if not status and redis.call('EXISTS', KEYS[1]) == 1 then
    status = ''
end
return {status, redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]}
