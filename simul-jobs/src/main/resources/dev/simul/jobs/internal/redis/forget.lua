-- Deletes jobs with everything that belongs to them.
--
-- KEYS  1 any key of the deployment
-- ARGV  1 now in Unix seconds   2 now as ISO   3 what becomes of their dependents   4... job id, queue if its hash does
--       not say, job id, queue, ...
-- Returns how many of them there were.
local now, iso = tonumber(ARGV[1]), ARGV[2]
local count = 0
for i = 4, #ARGV, 2 do
    local id = ARGV[i]
    count = count + redis.call('EXISTS', 'rq:job:' .. id)
    decide(id, ARGV[3], iso, now)
    forget(id, ARGV[i + 1], iso, now)
end
return count
