package dev.simul.jobs;

/**
 * What a worker calls when a job has failed, before the failure is written.
 *
 * <p>Handlers are called in the order in which {@link Worker.Builder#exceptionHandlers} got them, after the job's own
 * failure callback, in a thread that may block. They see every failed attempt, those too that will be retried, but not a
 * job that was stopped or whose process died. A handler that throws is logged, and the next one is called.
 *
 * @see <a href="https://python-rq.org/docs/exceptions/">RQ's exception handlers, whose order and rule these are</a>
 */
@FunctionalInterface
public interface ExceptionHandler {
    /**
     * Looks at a failure.
     *
     * @param job the job; its status is failed
     * @param error what the function threw, or why it could not be called
     * @return whether the next handler is called too; false says that this one has handled it. Either way the job is
     *     retried or goes to the failed registry
     * @throws Exception logged
     */
    boolean handle(CurrentJob job, Throwable error) throws Exception;
}
