-- Whether a new job has to wait for others, as plan in enqueue.lua names them.
local function met(plan)
    for _, parent in ipairs(plan.parents) do
        local fields = redis.call('HMGET', 'rq:job:' .. parent, 'data', 'status')
        if fields[1] and fields[2] ~= 'finished' and not (plan.lenient and fields[2] == 'failed') then
            return false
        end
    end
    return true
end

-- Whether the job would wait for itself. Only one that others wait for already can.
local function circular(id, parents)
    if redis.call('EXISTS', 'rq:job:' .. id .. ':dependents') == 0 then
        return false
    end
    local seen, open = {}, {unpack(parents)}
    while #open > 0 do
        local parent = table.remove(open)
        if parent == id then
            return true
        elseif not seen[parent] then
            seen[parent] = true
            if redis.call('HGET', 'rq:job:' .. parent, 'status') == 'deferred' then
                for _, grandparent in ipairs(redis.call('SMEMBERS', 'rq:job::' .. parent .. ':dependencies')) do
                    open[#open + 1] = grandparent
                end
            end
        end
    end
    return false
end
