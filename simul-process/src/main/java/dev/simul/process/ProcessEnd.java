package dev.simul.process;

/**
 * Tells of the end of a process from a thread of its own.
 *
 * <p>{@link Process#onExit} tells from the common pool, whose one thread on two cores may be the one that waits for the
 * end.
 */
public final class ProcessEnd {
    private ProcessEnd() {}

    /**
     * Does something once, in a daemon thread, when a process has ended; at once if it has already.
     *
     * @param process not necessarily a child JVM
     * @param action what to do; what it throws goes to the thread's handler of uncaught exceptions
     */
    public static void whenEnded(Process process, Runnable action) {
        Thread.ofPlatform().daemon().name("simul-end-of-" + process.pid()).start(() -> {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                return; // nobody interrupts it
            }
            action.run();
        });
    }
}
