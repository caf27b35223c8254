-- Takes jobs out of RQ 3.0's rate limits that are not on their way any more, lets others in, and forgets limits that
-- nobody uses.
--
-- KEYS  1 rq:rl-keys
-- ARGV  1 now as ISO
-- Returns texts of errors.
local iso, now = ARGV[1], tonumber(redis.call('TIME')[1])

local function clean(key)
    local limit = 'rq:rl:' .. key
    for _, id in ipairs(redis.call('ZRANGE', limit .. ':allowed', 0, -1)) do
        free_unused_slot(id, key, iso, now)
    end
    local concurrency = tonumber(redis.call('HGET', limit, 'concurrency') or '')
    if concurrency then
        fill_slots(key, concurrency, iso, now)
    end
    if redis.call('EXISTS', limit .. ':allowed', limit .. ':rate_limited') == 0 then
        redis.call('SREM', KEYS[1], key)
        redis.call('DEL', limit)
    end
end

local errors = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    local ok, problem = pcall(clean, key)
    if not ok then
        errors[#errors + 1] = key .. ': ' .. (type(problem) == 'table' and problem.err or tostring(problem))
    end
end
return errors
