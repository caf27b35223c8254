package dev.simul;

/** When {@link Async#awaitUntil} has waited long enough. */
public enum Until {
    /** As soon as one task has ended, in whatever way. */
    FIRST_COMPLETED,
    /** As soon as one task has failed, or all have ended; a cancelled task has not failed. */
    FIRST_EXCEPTION,
    /** When all tasks have ended. */
    ALL_COMPLETED
}
