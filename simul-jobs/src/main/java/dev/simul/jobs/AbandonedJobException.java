package dev.simul.jobs;

/**
 * What failure callbacks and exception handlers are told of a job whose worker has died or gone silent while it ran.
 *
 * <p>They are called by the worker that has found the job, after its end was written.
 */
public final class AbandonedJobException extends RuntimeException {
    /** For this library's use. */
    public AbandonedJobException(String message) {
        super(message);
    }
}
