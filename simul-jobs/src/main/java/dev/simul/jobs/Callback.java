package dev.simul.jobs;

import java.time.Duration;

/**
 * A function that the worker calls when a job has ended, by the name that the worker knows it under.
 *
 * @param function the name of a function that the worker offers
 * @param timeout how long it may run; 60 seconds if not said
 */
public record Callback(String function, Duration timeout) {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Checks the name and the time. */
    public Callback {
        JobOptions.requireName("a callback's function", function);
        JobOptions.atLeast("a callback's timeout", 1, timeout);
    }

    /** A function by name, with 60 seconds of time. */
    public static Callback of(String function) {
        return new Callback(function, TIMEOUT);
    }

    /** A function by name. */
    public static Callback of(String function, Duration timeout) {
        return new Callback(function, timeout);
    }
}
