package dev.simul.jobs.internal.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.Set;

/** Why Redis did not do what it was asked, as far as that matters to us; nothing was done then. */
enum Refusal {
    /** It lacks the script, which has to be sent in full. */
    NO_SCRIPT("NOSCRIPT"),
    /** It has become a replica: somebody else takes writes now. */
    READ_ONLY("READONLY"),
    /** It reads its files after a start. */
    LOADING("LOADING"),
    /** It runs somebody's script that takes long. */
    BUSY("BUSY"),
    /** A replica has lost the one it copies. */
    MASTER_DOWN("MASTERDOWN"),
    /** Its memory is full. */
    OUT_OF_MEMORY("OOM"),
    /** Its disk is full or broken. */
    CANNOT_SAVE("MISCONF"),
    /** Too few replicas are there for what its settings demand. */
    NO_REPLICAS("NOREPLICAS"),
    /** The key is at another node of a cluster. */
    MOVED("MOVED"),
    /** The user that we are may not do this. */
    NO_PERMISSION("NOPERM"),
    /** Another reason, or none from Redis at all. */
    OTHER("");

    private static final Set<Refusal> PASSING = Set.of(READ_ONLY, LOADING, BUSY, MASTER_DOWN);

    private final String code;

    Refusal(String code) {
        this.code = code;
    }

    /** Whether asking again in a moment may help. */
    boolean passes() {
        return PASSING.contains(this);
    }

    static Refusal of(Throwable error) {
        if (!(error instanceof RedisCommandExecutionException) || error.getMessage() == null) {
            return OTHER;
        }
        for (var refusal : values()) {
            if (refusal != OTHER && says(error.getMessage(), refusal.code)) {
                return refusal;
            }
        }
        return OTHER;
    }

    /** Redis 6 wraps what a command in a script was told: {@code ERR Error running script (…): …: -READONLY You can't}. */
    private static boolean says(String message, String code) {
        return message.startsWith(code + " ") || message.contains(" -" + code + " ");
    }
}
