-- A stretch of a registry, without entries whose time is over.
--
-- KEYS  1 the registry
-- ARGV  1 now in Unix seconds, or empty if its entries do not expire   2 offset   3 count, -1 for all   4 1: last first
-- Returns member, score, member, score, ...
local total = redis.call('ZCARD', KEYS[1])
local eternal, expired = total, 0 -- those with a negative score come first, and never expire
if ARGV[1] ~= '' then
    eternal = redis.call('ZCOUNT', KEYS[1], '-inf', '(0')
    expired = redis.call('ZCOUNT', KEYS[1], 0, ARGV[1])
end
local live = total - expired
local from = tonumber(ARGV[2])
local to = tonumber(ARGV[3]) < 0 and live - 1 or math.min(from + tonumber(ARGV[3]), live) - 1
if ARGV[4] == '1' then
    from, to = live - 1 - to, live - 1 - from
end

local found = {}
local function take(first, last)
    if first <= last then
        for _, value in ipairs(redis.call('ZRANGE', KEYS[1], first, last, 'WITHSCORES')) do
            found[#found + 1] = value
        end
    end
end
take(math.max(from, 0), math.min(to, eternal - 1))
take(math.max(from, eternal) + expired, to + expired)
if ARGV[4] ~= '1' then
    return found
end
local reversed = {}
for i = #found - 1, 1, -2 do
    reversed[#reversed + 1] = found[i]
    reversed[#reversed + 1] = found[i + 1]
end
return reversed
