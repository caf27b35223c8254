package dev.simul.jobs.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes that Redis has answered, read as the text they are meant to be. */
public final class Reply {
    private Reply() {}

    /** One value; from a script they come as objects. */
    public static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    /** One value that need not be there; as in RQ's hashes, an empty one is none. */
    public static @Nullable String textIfAny(@Nullable Object bytes) {
        return bytes == null || ((byte[]) bytes).length == 0 ? null : text(bytes);
    }

    /** Several values, in their order. */
    public static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(Reply::text).toList();
    }
}
