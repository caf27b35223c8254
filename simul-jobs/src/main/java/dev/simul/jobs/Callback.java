package dev.simul.jobs;

import dev.simul.jobs.internal.worker.CallbackKind;
import dev.simul.jobs.internal.worker.Signature;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function that the worker calls when a job has ended: {@code o.onSuccess(Callback.of(Reports::done))}.
 *
 * <p>In Java it is a {@link SimulJob} method like every other, which gets what its parameters ask for: a {@link CurrentJob},
 * a {@link JobClient}, for a failure the {@link Throwable} and its traceback as a {@link String}, and of a success callback
 * the one parameter that is left is the result. A method that asks for anything else is refused when it is named for an
 * end. A function that lives elsewhere, as in Python, goes by its name, and is not looked at.
 */
public final class Callback {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final String function;
    private final Duration timeout;
    private final @Nullable Method method; // null if only the name is known

    private Callback(String function, Duration timeout, @Nullable Method method) {
        this.function = Names.require("a callback's function", function);
        this.timeout = JobOptions.atLeast("a callback's timeout", 1, timeout);
        this.method = method;
    }

    /** A function by name, with 60 seconds of time. */
    public static Callback of(String function) {
        return of(function, TIMEOUT);
    }

    /** A function by name. */
    public static Callback of(String function, Duration timeout) {
        return new Callback(function, timeout, null);
    }

    /** A {@link SimulJob} method, with 60 seconds of time. */
    public static Callback of(JobAction.Of0 method) {
        return refer(method);
    }

    /** A {@link SimulJob} method, with 60 seconds of time. */
    public static <A extends @Nullable Object> Callback of(JobAction.Of1<A> method) {
        return refer(method);
    }

    /** A {@link SimulJob} method, with 60 seconds of time. */
    public static <A extends @Nullable Object, B extends @Nullable Object> Callback of(JobAction.Of2<A, B> method) {
        return refer(method);
    }

    /** A {@link SimulJob} method, with 60 seconds of time. */
    public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object> Callback of(
            JobAction.Of3<A, B, C> method) {
        return refer(method);
    }

    /** A {@link SimulJob} method, with 60 seconds of time. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            Callback of(JobAction.Of4<A, B, C, D> method) {
        return refer(method);
    }

    private static Callback refer(Serializable method) {
        var reference = FunctionReference.of(method);
        return new Callback(reference.name(), TIMEOUT, reference.method());
    }

    /** This callback with another time limit; 60 seconds if not said. */
    public Callback timeout(Duration timeout) {
        return new Callback(function, timeout, method);
    }

    /** The name of a function that the worker offers. */
    public String function() {
        return function;
    }

    /** How long it may run. */
    public Duration timeout() {
        return timeout;
    }

    /** Refuses a method whose parameters cannot all be filled at that end. */
    Callback at(CallbackKind end) {
        if (method != null) {
            boolean resultTaken = end != CallbackKind.SUCCESS;
            for (var parameter : method.getParameters()) {
                if (isOffered(parameter.getType(), end)) {
                    continue;
                }
                if (resultTaken) {
                    throw new IllegalArgumentException(Signature.of(function, method) + " cannot be a " + end
                            + ": its parameter " + parameter.getName() + " is none of " + end.offered());
                }
                resultTaken = true;
            }
        }
        return this;
    }

    private static boolean isOffered(Class<?> type, CallbackKind end) {
        return type == CurrentJob.class
                || type == JobClient.class
                || (end == CallbackKind.FAILURE && (type == String.class || Throwable.class.isAssignableFrom(type)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Callback callback
                && callback.function.equals(function)
                && callback.timeout.equals(timeout);
    }

    @Override
    public int hashCode() {
        return Objects.hash(function, timeout);
    }

    /** The function's name. */
    @Override
    public String toString() {
        return function;
    }
}
