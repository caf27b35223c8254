package dev.simul.cli.compare;

import dev.simul.cli.Terminal;
import java.io.PrintStream;

/** One line on the terminal that says how far it is; nothing where stderr is no terminal. Thread: any. */
final class Progress {
    private static final long PAUSE_NANOS = 50_000_000;
    private static final int WIDTH = 24;

    private final PrintStream out;
    private final boolean shown;
    private boolean closed; // guarded by this
    private long last; // guarded by this

    Progress(Terminal terminal, PrintStream out) {
        this.out = out;
        this.shown = terminal.err();
    }

    void opening(WayName way) {
        line(way, "starting");
    }

    void ended(WayName way, int ended, int units) {
        synchronized (this) {
            long now = System.nanoTime();
            if (!shown || (now - last < PAUSE_NANOS && ended < units)) {
                return;
            }
            last = now;
        }
        int full = ended * WIDTH / units;
        line(way, "█".repeat(full) + "░".repeat(WIDTH - full) + " " + ended + " of " + units + " units");
    }

    private synchronized void line(WayName way, String text) {
        if (shown && !closed) {
            out.printf("\r\u001b[K%-10s  %s", way, text);
            out.flush();
        }
    }

    /** Takes the line away, for good. */
    synchronized void close() {
        if (shown && !closed) {
            out.print("\r\u001b[K");
            out.flush();
        }
        closed = true;
    }
}
