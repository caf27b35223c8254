package dev.simul.process;

/**
 * Tells of the end of a process from a thread of its own.
 *
 * <p>{@link Process#onExit} tells from the common pool, whose one thread on two cores may be the one that waits for us.
 */
final class ProcessEnd {
    private ProcessEnd() {}

    static void whenEnded(Process process, Runnable action) {
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
