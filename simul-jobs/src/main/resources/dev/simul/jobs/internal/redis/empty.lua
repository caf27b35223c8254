-- Deletes jobs that wait in a queue, from its front.
--
-- KEYS  1 the queue's list
-- ARGV  1 how many at most
-- Returns how many ids it has taken.
local count = 0
while count < tonumber(ARGV[1]) do
    local id = redis.call('LPOP', KEYS[1])
    if not id then
        break
    end
    pcall(discard, id) -- an id whose key is no job must not hold up the others
    count = count + 1
end
return count
