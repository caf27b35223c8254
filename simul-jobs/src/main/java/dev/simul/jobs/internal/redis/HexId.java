package dev.simul.jobs.internal.redis;

import java.util.UUID;

/** Ids of 32 hexadecimal digits, as Python's {@code uuid4().hex} gives them to workers, executions and groups. */
public final class HexId {
    private HexId() {}

    /** One that nobody else has. */
    public static String random() {
        return UUID.randomUUID().toString().replace("-", "");
    }
}
