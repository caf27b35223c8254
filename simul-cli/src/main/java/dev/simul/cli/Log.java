package dev.simul.cli;

import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Sends what libraries log to stderr, one line each: warnings, and with {@code --verbose} everything from INFO on. */
final class Log {
    private Log() {}

    static void configure(boolean verbose) {
        LogManager.getLogManager().reset();
        var handler = new ConsoleHandler();
        handler.setFormatter(new Line(verbose));
        var root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(verbose ? Level.INFO : Level.WARNING);
    }

    private static final class Line extends Formatter {
        private final boolean traces;

        private Line(boolean traces) {
            this.traces = traces;
        }

        @Override
        public String format(LogRecord entry) {
            var line = new StringBuilder("simul: ").append(formatMessage(entry)).append(System.lineSeparator());
            var thrown = entry.getThrown();
            if (thrown != null && traces) {
                for (var frame : thrown.toString().lines().toList()) {
                    line.append("  ").append(frame).append(System.lineSeparator());
                }
                for (var frame : thrown.getStackTrace()) {
                    line.append("    at ").append(frame).append(System.lineSeparator());
                }
            }
            return line.toString();
        }
    }
}
