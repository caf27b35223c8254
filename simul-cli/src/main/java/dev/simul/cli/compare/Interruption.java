package dev.simul.cli.compare;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends a comparison on Ctrl-C or SIGTERM: shows what is known so far and leaves no process behind.
 *
 * <p>The JVM then exits with 128 plus the signal's number, which is 130 for Ctrl-C. Either this or the regular end comes
 * first, never both: who is late waits for the JVM to go.
 */
final class Interruption implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread hook;

    private Interruption(Runnable showKnown, long spared) {
        hook = Thread.ofPlatform().unstarted(() -> {
            if (over.compareAndSet(false, true)) {
                try {
                    showKnown.run();
                } finally {
                    ProcessHandle.current()
                            .descendants()
                            .filter(process -> process.pid() != spared)
                            .forEach(ProcessHandle::destroyForcibly);
                }
            }
        });
    }

    /**
     * From now on a signal shows what is known.
     *
     * @param spared a process that has something to do after our end; -1 for none
     */
    static Interruption watch(Runnable showKnown, long spared) {
        var interruption = new Interruption(showKnown, spared);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** From now on a signal is no concern of ours; does not return if one has come. */
    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            Runtime.getRuntime().removeShutdownHook(hook);
        } else {
            while (true) {
                LockSupport.park();
            }
        }
    }
}
