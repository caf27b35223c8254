-- Gives jobs back whose run was broken off for no fault of theirs: to the front of their queue, as if nobody had taken
-- them.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id, id of the job behind
-- which it belongs, which was given back before (empty: in front of all)
return each(4, nil, function(queue, id, execution, after)
    if not holds(queue, id, execution) then
        return nil
    end
    to_front(queue, id, execution, after)
    return 0
end)
