package dev.simul.jobs.internal.worker;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What is kept of an exception: its stack trace and, last, its name and message, where Python's tools look for it. */
final class FailureText {
    /** RQ's words. */
    static final String STOPPED = "Job stopped by user, work-horse terminated.";

    private static final String DIED = "Work-horse terminated unexpectedly; waitpid returned ";
    private static final int LOGGED = 2_000;
    private static final int SIGNALLED = 128;

    private FailureText() {}

    static String of(Throwable error) {
        return trace(error) + "\n" + line(error);
    }

    /** Its name and message; an exception of a stranger may not even be able to say those. */
    static String line(Throwable error) {
        try {
            return String.valueOf(error);
        } catch (RuntimeException | StackOverflowError e) {
            return error.getClass().getName();
        }
    }

    /** The same for a log, where a message of megabytes would bury the others. */
    static String shortLine(Throwable error) {
        var line = line(error);
        return line.length() <= LOGGED ? line : line.substring(0, LOGGED) + "... (" + line.length() + " characters)";
    }

    private static String trace(Throwable error) {
        var text = new StringWriter();
        try {
            error.printStackTrace(new PrintWriter(text));
        } catch (RuntimeException | StackOverflowError e) {
            text.append("(the exception cannot be printed: ").append(line(e)).append(")\n");
            for (var frame : error.getStackTrace()) {
                text.append("\tat ").append(frame.toString()).append('\n');
            }
        }
        return text.toString();
    }

    /** The error of a function that has run for too long, in RQ's words. */
    static TimeoutException late(long limitSeconds, @Nullable Throwable cause) {
        var error = new TimeoutException("Task exceeded maximum timeout value (" + limitSeconds + " seconds)");
        error.initCause(cause);
        return error;
    }

    /** As if RQ's child process had been killed by a command, which a thread is not. */
    static String killed(@Nullable Throwable error) {
        return (error == null ? "" : trace(error) + "\n") + DIED + "9 (signal 9); ";
    }

    /**
     * RQ's words for the end of a child process.
     *
     * @param exitCode as shells count: 128 + n for signal n
     */
    static String died(int exitCode, String details) {
        int signal = exitCode - SIGNALLED;
        var how = signal > 0 ? signal + " (signal " + signal + "); " : (exitCode << 8) + "; ";
        return details + "\n" + DIED + how;
    }
}
