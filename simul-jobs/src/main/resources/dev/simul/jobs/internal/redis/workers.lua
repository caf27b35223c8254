-- Reads the entries of workers, and takes those that have vanished off the lists.
--
-- KEYS  1... the sets that list them: rq:workers or rq:workers:Q
-- Returns per worker {member of the set, its hash or the text of an error, its executions}.
local prefix, seen, workers = 'rq:worker:', {}, {}
for _, set in ipairs(KEYS) do
    for _, member in ipairs(redis.call('SMEMBERS', set)) do
        if not seen[member] then
            seen[member] = true
            local known = string.sub(member, 1, #prefix) == prefix
            local hash = known and redis.pcall('HGETALL', member) or {err = 'is not the key of a worker'}
            if hash.err then
                workers[#workers + 1] = {member, hash.err, {}}
            elseif #hash == 0 then
                redis.call('SREM', set, member)
                redis.call('SREM', 'rq:workers', member)
            else
                local running = {}
                local listed = redis.pcall('SMEMBERS', member .. ':executions')
                for _, execution in ipairs(listed) do
                    if redis.call('EXISTS', 'rq:execution:' .. execution) == 1 then
                        running[#running + 1] = execution
                    else
                        redis.call('SREM', member .. ':executions', execution)
                    end
                end
                workers[#workers + 1] = {member, hash, running}
            end
        end
    end
end
return workers
