-- Gives up a scheduler's locks, those that are its own, and its entry.
--
-- KEYS  1 rq:scheduler:NAME   2... the locks
-- ARGV  1 the scheduler's name
-- Returns how many locks were its own.
local own = 0
for k = 2, #KEYS do
    if redis.call('GET', KEYS[k]) == ARGV[1] then
        own = own + redis.call('DEL', KEYS[k])
    end
end
redis.call('DEL', KEYS[1])
return own
