package dev.simul.jobs.internal.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code look.lua} answers: a job's status and the newest entry of its result stream, as of one instant. */
record JobLook(@Nullable String status, String newest, Map<String, byte[]> entry) {
    static JobLook of(List<?> answer) {
        var status = answer.isEmpty() ? null : (byte[]) answer.getFirst();
        var entry = new HashMap<String, byte[]>();
        var newest = "0-0";
        if (answer.size() > 1 && answer.get(1) instanceof List<?> pair) {
            newest = Reply.text(pair.get(0));
            var fields = (List<?>) pair.get(1);
            for (int i = 0; i < fields.size(); i += 2) {
                entry.put(Reply.text(fields.get(i)), (byte[]) fields.get(i + 1));
            }
        }
        return new JobLook(status == null ? null : Reply.text(status), newest, entry);
    }

    @Nullable
    Ending ending() {
        var told = Ending.of(entry);
        if (status == null) {
            return told != null
                    ? told
                    : new Ending.Lost("there is no such job: it was discarded with its result, expired or deleted");
        }
        return switch (status) {
            case "finished" ->
                told instanceof Ending.Returned
                        ? told
                        : new Ending.Lost("it finished, but its result is no longer kept");
            case "failed", "stopped" ->
                told instanceof Ending.Raised ? told : new Ending.Raised("(no traceback is kept)");
            case "canceled" -> new Ending.Cancelled();
            default -> null;
        };
    }
}
