package dev.simul.jobs;

/**
 * Where a worker runs the function of a job, and so what a job that goes wrong can take along.
 *
 * <p>A time-out, a stop command and a cold shutdown end the job in all three. Where the function does not co-operate,
 * {@code LOOP} and {@code THREAD} record the job's end without it and leave its thread behind; {@code PROCESS} kills.
 */
public enum Isolation {
    /**
     * As a coroutine on one thread that all such jobs of the worker share: for thousands of jobs that wait for the
     * network. What blocks in the JDK lets others run meanwhile; what computes holds them up.
     */
    LOOP,

    /** In a thread of its own: for everything that does not bring down a JVM. */
    THREAD,

    /**
     * In a child JVM, of which there are as many as jobs may run at a time: a job that crashes in native code, calls
     * {@link System#exit} or fills its memory takes only itself along, and is recorded as failed with the way it
     * ended.
     */
    PROCESS
}
