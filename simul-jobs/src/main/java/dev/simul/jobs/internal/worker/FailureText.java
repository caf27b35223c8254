package dev.simul.jobs.internal.worker;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What is kept of an exception: its stack trace and, last, its name and message, where Python's tools look for it. */
final class FailureText {
    private FailureText() {}

    static String of(Throwable error) {
        var text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text + "\n" + error;
    }
}
