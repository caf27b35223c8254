package dev.simul.jobs.internal.worker;

import org.jspecify.annotations.Nullable;

/** Why a callback is called. */
sealed interface CallbackCause {
    /** The function returned. */
    record Success(@Nullable Object result) implements CallbackCause {}

    /** The function threw, or could not be called. */
    record Failure(Throwable error, String traceback) implements CallbackCause {}

    /** Somebody has stopped the job. */
    record Stop() implements CallbackCause {}
}
