package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import java.util.concurrent.CountDownLatch;

/** Lets SIGTERM and Ctrl-C end a command well, with exit code 0, when what it has to give up is given up. */
final class StopOnSignal implements AutoCloseable {
    private final CountDownLatch ended = new CountDownLatch(1);

    /** From now on the end of the JVM stops what runs, and waits for it. */
    StopOnSignal(Runnable stop) {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(stop)));
    }

    private void end(Runnable stop) {
        if (ended.getCount() == 0) {
            return;
        }
        stop.run();
        try {
            ended.await();
        } catch (InterruptedException e) {
            return; // nobody interrupts a shutdown hook
        }
        // A JVM that a signal ends has the signal's exit code, unless it is halted with another.
        Runtime.getRuntime().halt(ExitCode.OK);
    }

    /** It has ended. */
    @Override
    public void close() {
        ended.countDown();
    }
}
