package dev.simul.cli.compare;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * How one unit went: when, and with which answer or failure.
 *
 * @param start microseconds since 1970, by the machine's clock, which all processes of a comparison share
 * @param end likewise
 * @param answer null if it failed
 * @param failure what went wrong, in one line; null if nothing did
 */
record UnitRun(
        long start,
        long end,
        @Nullable String answer,
        @Nullable String failure) {
    private static final String ANSWERED = "answer";
    private static final String FAILED = "failure";

    /** Does the unit here and now. Only an interrupt ends more than the unit. */
    static UnitRun of(Callable<String> unit) throws InterruptedException {
        long start = now();
        try {
            return new UnitRun(start, now(), unit.call(), null).endingNow();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            return failed(start, e);
        }
    }

    static UnitRun failed(long start, Throwable failure) {
        return new UnitRun(start, now(), null, text(failure));
    }

    static long now() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    /** Our own exceptions speak for themselves; of others the type is half of the message. */
    static String text(Throwable failure) {
        var message = failure.getMessage();
        var ours =
                failure instanceof IOException || failure.getClass().getName().startsWith("dev.simul.");
        return (ours && message != null ? message : failure.toString())
                .lines()
                .findFirst()
                .orElse("failed");
    }

    boolean isOk() {
        return failure == null;
    }

    /** As text that travels between JVMs. */
    String encode() {
        return start + " " + end + " " + (isOk() ? ANSWERED : FAILED) + " " + (isOk() ? answer : failure);
    }

    static UnitRun decode(String text) {
        var parts = text.split(" ", 4);
        var ok = parts[2].equals(ANSWERED);
        return new UnitRun(
                Long.parseLong(parts[0]), Long.parseLong(parts[1]), ok ? parts[3] : null, ok ? null : parts[3]);
    }

    private UnitRun endingNow() {
        return new UnitRun(start, now(), answer, failure);
    }
}
