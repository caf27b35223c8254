-- Cancels a job, as far as it has not begun. One that runs is asked to stop instead.
--
-- KEYS  1 the job's hash
-- ARGV  1 job id   2 queue, if the hash does not say   3 now in Unix seconds   4 now as ISO   5 what becomes of its
--       dependents   6 1: also if it has ended
-- Returns the status that it had, '' for none, or 'gone'. Nothing was changed if that was
-- canceled or, unless asked for, an end.
local id, now, iso = ARGV[1], tonumber(ARGV[3]), ARGV[4]
local fields = redis.call('HMGET', KEYS[1], 'status', 'origin', 'data')
if not fields[1] and not fields[3] then
    return 'gone'
end
local status = fields[1] or ''
local queue = fields[2] and fields[2] ~= '' and fields[2] or ARGV[2]
local ended = status == 'finished' or status == 'failed' or status == 'stopped'
if status == 'canceled' or (ended and ARGV[6] ~= '1') then
    return status
end
if status == 'started' and #executions(id, queue) > 0 then
    decide(id, ARGV[5], iso, now)
    ask_to_stop(id, queue)
    return status
end
withdraw(id, queue, iso, now)
decide(id, ARGV[5], iso, now)
return status
