-- Asks the worker that runs a job, or one attempt of it, to stop that.
--
-- KEYS  1 the job's hash
-- ARGV  1 job id   2 queue, if the hash does not say   3 execution id, or empty for the job whoever runs it
-- Returns how many workers have heard it, or -1 if the job or that attempt does not run.
local id, execution = ARGV[1], ARGV[3]
local fields = redis.call('HMGET', KEYS[1], 'status', 'origin')
local queue = fields[2] and fields[2] ~= '' and fields[2] or ARGV[2]
if execution == '' then
    if fields[1] ~= 'started' then
        return -1
    end
    return ask_to_stop(id, queue)
end
local worker = redis.call('HGET', 'rq:execution:' .. id .. ':' .. execution, 'worker_name')
if not redis.call('ZSCORE', 'rq:wip:' .. queue, id .. ':' .. execution) and not worker then
    return -1
end
if fields[1] then
    redis.call('HSET', KEYS[1], 'x_stop', execution)
end
return redis.call('PUBLISH', 'rq:pubsub:' .. (worker or ''),
    '{"command": "stop-execution", "job_id": ' .. cjson.encode(id) .. ', "execution_id": '
        .. cjson.encode(execution) .. '}')
