package dev.simul.jobs.internal.redis;

import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a job ended, as its hash and its result stream tell it. */
public sealed interface Ending {
    /** It returned this value, JSON or pickle; null stands for Python's {@code None}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Returned(byte @Nullable [] value) implements Ending {}

    /** It failed or was stopped; the worker's text. */
    record Raised(String traceback) implements Ending {}

    /** It was taken back before it ran. */
    record Cancelled() implements Ending {}

    /** It ended, but what it returned is no longer there, or never was. */
    record Lost(String reason) implements Ending {}

    /** What an entry of the result stream says; null for one that announces a further attempt. */
    static @Nullable Ending of(Map<String, byte[]> entry) {
        return switch (text(entry.get("type"))) {
            case "1" -> new Returned(decoded(entry.get("return_value")));
            case "2", "3", "5" -> new Raised(traceback(decoded(entry.get("exc_string"))));
            default -> null;
        };
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : Reply.text(value);
    }

    private static byte @Nullable [] decoded(byte @Nullable [] base64) {
        if (base64 == null) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return base64; // whoever wrote this did not follow the format; show what there is
        }
    }

    private static String traceback(byte @Nullable [] compressed) {
        if (compressed == null) {
            return "(the worker left no traceback)";
        }
        var plain = Zlib.inflate(compressed, 64 << 20);
        return text(plain == null ? compressed : plain);
    }
}
