package dev.simul.process;

import java.io.Serial;

/**
 * What went wrong in a child JVM, as text, because the thing itself cannot travel.
 *
 * <p>It stands in for an exception that is not serialisable (its message begins with the original's class; stack trace,
 * causes and suppressed exceptions are the original's), and reports a result that is not serialisable or an argument
 * that the child could not read.
 */
public final class ChildFailureException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    // Causes may form a ring.
    private static final int DEEPEST = 8;

    /**
     * A failure in words.
     *
     * @param message what failed, and the way out
     */
    public ChildFailureException(String message) {
        super(message);
    }

    /** The text of an exception and of all it holds. */
    public static ChildFailureException textOf(Throwable original) {
        return textOf(original, 0);
    }

    /** An exception of a stranger may not even be able to say its name and message. */
    private static String line(Throwable original) {
        try {
            return String.valueOf(original);
        } catch (RuntimeException | StackOverflowError e) {
            return original.getClass().getName();
        }
    }

    private static ChildFailureException textOf(Throwable original, int depth) {
        var text = new ChildFailureException(line(original));
        text.setStackTrace(original.getStackTrace());
        if (depth < DEEPEST) {
            if (original.getCause() != null) {
                text.initCause(textOf(original.getCause(), depth + 1));
            }
            for (Throwable suppressed : original.getSuppressed()) {
                text.addSuppressed(textOf(suppressed, depth + 1));
            }
        }
        return text;
    }
}
