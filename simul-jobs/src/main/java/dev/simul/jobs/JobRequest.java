package dev.simul.jobs;

import java.io.Serializable;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A call that can be put on a queue: a function, its arguments and options of its own.
 *
 * <p>For what {@code queue.enqueue(Pages::count, url)} has no room for: keyword arguments, many jobs at once
 * ({@link JobQueue#enqueueMany}), groups. Immutable.
 *
 * @param <T> the function's result
 */
public final class JobRequest<T extends @Nullable Object> {
    private final String function;
    private final Type result;
    private final List<? extends @Nullable Object> arguments;
    private final Map<String, ? extends @Nullable Object> named;
    private final UnaryOperator<JobOptions> change;
    private final DeclaredOptions declared;

    private JobRequest(
            String function,
            Type result,
            List<? extends @Nullable Object> arguments,
            Map<String, ? extends @Nullable Object> named,
            UnaryOperator<JobOptions> change,
            DeclaredOptions declared) {
        this.function = function;
        this.result = result;
        this.arguments = arguments;
        this.named = named;
        this.change = change;
        this.declared = declared;
    }

    /**
     * A function by its name.
     *
     * @param function the name: for Python a dotted path such as {@code model.predict}
     * @param result what the function's JSON result is read as; {@code Void.class} for a function without one
     * @param arguments its positional arguments
     */
    public static <T> JobRequest<T> of(String function, Class<T> result, @Nullable Object... arguments) {
        Names.require("a function's name", function);
        Objects.requireNonNull(arguments, "arguments are null; for one argument that is null write (Object) null");
        return new JobRequest<>(
                function, result, Arrays.asList(arguments.clone()), Map.of(), o -> o, DeclaredOptions.NONE);
    }

    /** A {@link SimulJob} method. */
    public static <R extends @Nullable Object> JobRequest<R> of(JobFunction.Of0<R> function) {
        return refer(function);
    }

    /** A {@link SimulJob} method. */
    public static <A extends @Nullable Object, R extends @Nullable Object> JobRequest<R> of(
            JobFunction.Of1<A, R> function, A a) {
        return refer(function, a);
    }

    /** A {@link SimulJob} method. */
    public static <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> JobRequest<R> of(
            JobFunction.Of2<A, B, R> function, A a, B b) {
        return refer(function, a, b);
    }

    /** A {@link SimulJob} method. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            JobRequest<R> of(JobFunction.Of3<A, B, C, R> function, A a, B b, C c) {
        return refer(function, a, b, c);
    }

    /** A {@link SimulJob} method. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            JobRequest<R> of(JobFunction.Of4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return refer(function, a, b, c, d);
    }

    /** A {@link SimulJob} method. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            JobRequest<R> of(JobFunction.Of5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
        return refer(function, a, b, c, d, e);
    }

    /** A {@link SimulJob} method. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    R extends @Nullable Object>
            JobRequest<R> of(JobFunction.Of6<A, B, C, D, E, F, R> function, A a, B b, C c, D d, E e, F f) {
        return refer(function, a, b, c, d, e, f);
    }

    /** A {@link SimulJob} method without a result. */
    public static JobRequest<@Nullable Void> of(JobAction.Of0 action) {
        return refer(action);
    }

    /** A {@link SimulJob} method without a result. */
    public static <A extends @Nullable Object> JobRequest<@Nullable Void> of(JobAction.Of1<A> action, A a) {
        return refer(action, a);
    }

    /** A {@link SimulJob} method without a result. */
    public static <A extends @Nullable Object, B extends @Nullable Object> JobRequest<@Nullable Void> of(
            JobAction.Of2<A, B> action, A a, B b) {
        return refer(action, a, b);
    }

    /** A {@link SimulJob} method without a result. */
    public static <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            JobRequest<@Nullable Void> of(JobAction.Of3<A, B, C> action, A a, B b, C c) {
        return refer(action, a, b, c);
    }

    /** A {@link SimulJob} method without a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            JobRequest<@Nullable Void> of(JobAction.Of4<A, B, C, D> action, A a, B b, C c, D d) {
        return refer(action, a, b, c, d);
    }

    /** A {@link SimulJob} method without a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object>
            JobRequest<@Nullable Void> of(JobAction.Of5<A, B, C, D, E> action, A a, B b, C c, D d, E e) {
        return refer(action, a, b, c, d, e);
    }

    /** A {@link SimulJob} method without a result. */
    public static <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object>
            JobRequest<@Nullable Void> of(JobAction.Of6<A, B, C, D, E, F> action, A a, B b, C c, D d, E e, F f) {
        return refer(action, a, b, c, d, e, f);
    }

    private static <R extends @Nullable Object> JobRequest<R> refer(
            Serializable function, @Nullable Object... arguments) {
        var reference = FunctionReference.of(function);
        return new JobRequest<>(
                reference.name(),
                reference.resultType(),
                Arrays.asList(arguments),
                Map.of(),
                o -> o,
                reference.declared());
    }

    /** This call with one more keyword argument; in Java it goes by the name of the method's parameter. */
    public JobRequest<T> named(String parameter, @Nullable Object value) {
        var more = new LinkedHashMap<String, @Nullable Object>(named);
        more.put(Names.require("a parameter's name", parameter), value);
        return new JobRequest<>(function, result, arguments, Collections.unmodifiableMap(more), change, declared);
    }

    /** This call with more keyword arguments; RQ's {@code kwargs}. */
    public JobRequest<T> named(Map<String, ? extends @Nullable Object> values) {
        var request = this;
        for (var entry : values.entrySet()) {
            request = request.named(entry.getKey(), entry.getValue());
        }
        return request;
    }

    /** This call with options of its own, on top of the queue's: {@code request.with(o -> o.id("report-17"))}. */
    public JobRequest<T> with(UnaryOperator<JobOptions> change) {
        var before = this.change;
        return new JobRequest<>(function, result, arguments, named, o -> change.apply(before.apply(o)), declared);
    }

    /** The function's name. */
    public String function() {
        return function;
    }

    /** The positional arguments. */
    public List<? extends @Nullable Object> arguments() {
        return arguments;
    }

    /** The keyword arguments. */
    public Map<String, ? extends @Nullable Object> named() {
        return named;
    }

    /** What the result is read as. */
    Type result() {
        return result;
    }

    /** The options of its job: the call's own, then the queue's, then what its function declares. */
    JobOptions options(JobOptions ofTheQueue) {
        return change.apply(ofTheQueue.orElse(declared.options()));
    }

    /** Where it goes if nobody names a queue. */
    String queue() {
        return declared.queue().orElse("default");
    }

    /** The call as Python would show it. */
    @Override
    public String toString() {
        return CallText.of(function, arguments, named);
    }
}
