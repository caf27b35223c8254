package dev.simul.cli.jobs;

import dev.simul.SignalHandler;
import dev.simul.cli.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Has SIGTERM and Ctrl-C ask a worker to end: the first one kindly, the second one at once, the third one does not
 * ask.
 *
 * <p>Where the platform keeps its signals to itself, the end of the JVM asks.
 */
final class StopSignals implements AutoCloseable {
    private static final long ECHO_NANOS = 1_000_000_000;

    private final String who;
    private final PrintWriter err;
    private final Runnable signal;
    private final List<SignalHandler> handlers = new ArrayList<>();
    private int count; // guarded by this
    private long last; // guarded by this

    /**
     * Listens.
     *
     * @param who the name for what is told on the terminal
     * @param signal what a signal means to the worker; it knows an echo when it hears one
     */
    StopSignals(String who, PrintWriter err, Runnable signal) {
        this.who = who;
        this.err = err;
        this.signal = signal;
        for (var name : List.of("TERM", "INT")) {
            try {
                handlers.add(SignalHandler.install(name, this::came));
            } catch (IllegalArgumentException | UnsupportedOperationException e) {
                Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(signal));
                return;
            }
        }
    }

    private void came() {
        synchronized (this) {
            long now = System.nanoTime();
            if (count > 0 && now - last < ECHO_NANOS) {
                return;
            }
            count++;
            last = now;
            switch (count) {
                case 1 -> err.println(who + " finishes its running jobs and ends; Ctrl-C again ends it at once");
                case 2 -> err.println(who + " gives its running jobs back to their queues and ends");
                default -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
            }
            err.flush();
        }
        signal.run();
    }

    @Override
    public void close() {
        handlers.forEach(SignalHandler::close);
    }
}
