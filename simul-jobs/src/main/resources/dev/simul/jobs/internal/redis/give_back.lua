-- Gives jobs back whose run was broken off for no fault of theirs: to the front of their queue, as if nobody had taken
-- them.
--
-- KEYS, ARGV  as in ending.lua; an outcome is: queue, job id, execution id
return each(3, nil, function(queue, id, execution)
    if not holds(queue, id, execution) then
        return nil
    end
    to_front(queue, id, execution)
    return 0
end)
