package dev.simul.jobs.internal.worker;

import org.jspecify.annotations.Nullable;

/** Why a callback is called. */
sealed interface CallbackCause {
    /** What a callback may ask for, in words. */
    String offered();

    /** The function returned. */
    record Success(@Nullable Object result) implements CallbackCause {
        @Override
        public String offered() {
            return "CurrentJob, JobClient, and one more for the result";
        }
    }

    /** The function threw, or could not be called. */
    record Failure(Throwable error, String traceback) implements CallbackCause {
        @Override
        public String offered() {
            return "CurrentJob, JobClient, Throwable, and String for the traceback";
        }
    }

    /** Somebody has stopped the job. */
    record Stop() implements CallbackCause {
        @Override
        public String offered() {
            return "CurrentJob and JobClient";
        }
    }
}
