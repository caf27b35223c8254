package dev.simul;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * What a body threw, made fit for its driver: unchecked, and with a stack trace that reads as if the driver had called the
 * body, though they ran on two stacks.
 */
final class Failure {
    private static final Set<String> SEAM = Set.of(
            OwnSchedulerStrand.class.getName(),
            DefaultSchedulerStrand.class.getName(),
            Turns.class.getName(),
            Failure.class.getName());

    private Failure() {}

    /** For a body that ran in a strand of its own. */
    static RuntimeException ofOtherStack(Throwable error, String kind) {
        splice(error);
        return of(error, kind);
    }

    static RuntimeException of(Throwable error, String kind) {
        return switch (error) {
            case Error e -> throw e;
            // Out of next() it would read as the regular end, as StopIteration did before PEP 479.
            case NoSuchElementException e -> new IllegalStateException("the body of the " + kind + " threw " + e, e);
            case RuntimeException e -> e;
            case IOException e -> new UncheckedIOException(e);
            default -> new TaskFailedException(kind, error);
        };
    }

    /** Replaces the bottom of the body's stack, which is the same for every strand, by the stack of the driver. */
    private static void splice(Throwable error) {
        var body = error.getStackTrace();
        int entry = body.length - 1;
        while (entry >= 0 && !isStrand(body[entry])) {
            entry--;
        }
        if (entry < 0) {
            return; // not thrown by the body but by the driver, into it
        }
        while (entry > 0 && SEAM.contains(body[entry - 1].getClassName())) {
            entry--;
        }
        var driver = new Throwable().getStackTrace();
        int caller = 0;
        while (caller < driver.length && SEAM.contains(driver[caller].getClassName())) {
            caller++;
        }
        var spliced = new StackTraceElement[entry + driver.length - caller];
        System.arraycopy(body, 0, spliced, 0, entry);
        System.arraycopy(driver, caller, spliced, entry, driver.length - caller);
        error.setStackTrace(spliced);
    }

    private static boolean isStrand(StackTraceElement frame) {
        return frame.getMethodName().equals("run")
                && (frame.getClassName().equals(OwnSchedulerStrand.class.getName())
                        || frame.getClassName().equals(DefaultSchedulerStrand.class.getName()));
    }
}
