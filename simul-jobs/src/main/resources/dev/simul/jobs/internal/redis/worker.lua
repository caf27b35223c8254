-- Whose an execution is; for scripts that look after executions without knowing it.

-- The job's own field tells it when the execution's hash has expired; RQ up to 2.10 writes it nowhere else.
local function worker_of(member, id)
    local name = redis.pcall('HGET', 'rq:execution:' .. member, 'worker_name')
    if type(name) ~= 'string' or name == '' then
        name = redis.pcall('HGET', 'rq:job:' .. id, 'worker_name')
    end
    return type(name) == 'string' and name or ''
end

-- The host and process id of a worker in Python that is busy, with this job or with one it has only just taken; nothing
-- if it is not.
local function seems_at(worker, id)
    local state = redis.pcall('HMGET', 'rq:worker:' .. worker, 'state', 'death', 'hostname', 'pid', 'current_job')
    if state[1] == 'busy' and not state[2] and (not state[5] or state[5] == id) then
        return state[3] or '', state[4] or ''
    end
end
