package dev.simul;

/**
 * Ctrl-C: thrown by {@link EventLoop#run} and {@link Async#run} after it has cancelled the main task, and that has ended.
 *
 * <p>Who does not catch it ends the JVM with exit code 130, as Ctrl-C does everywhere.
 */
public final class KeyboardInterrupt extends InterruptedException {

    private static final long serialVersionUID = 1;

    KeyboardInterrupt() {
        super("Ctrl-C");
    }
}
