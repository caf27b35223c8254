package dev.simul.jobs;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A reference to a static {@link SimulJob} method with a result, by number of parameters.
 *
 * <p>It is only looked at, never called: {@code queue.enqueue(Pages::countWordsAtUrl, url)} sends the name and the
 * argument, and the compiler checks that the argument fits. A lambda expression has no name and is refused.
 */
public sealed interface JobFunction extends Serializable {

    /** No parameters. */
    @FunctionalInterface
    non-sealed interface Of0<R extends @Nullable Object> extends JobFunction {
        R call() throws Exception;
    }

    /** One parameter. */
    @FunctionalInterface
    non-sealed interface Of1<A extends @Nullable Object, R extends @Nullable Object> extends JobFunction {
        R call(A a) throws Exception;
    }

    /** Two parameters. */
    @FunctionalInterface
    non-sealed interface Of2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            extends JobFunction {
        R call(A a, B b) throws Exception;
    }

    /** Three parameters. */
    @FunctionalInterface
    non-sealed interface Of3<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            extends JobFunction {
        R call(A a, B b, C c) throws Exception;
    }

    /** Four parameters. */
    @FunctionalInterface
    non-sealed interface Of4<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            extends JobFunction {
        R call(A a, B b, C c, D d) throws Exception;
    }

    /** Five parameters. */
    @FunctionalInterface
    non-sealed interface Of5<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            extends JobFunction {
        R call(A a, B b, C c, D d, E e) throws Exception;
    }

    /** Six parameters. */
    @FunctionalInterface
    non-sealed interface Of6<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    R extends @Nullable Object>
            extends JobFunction {
        R call(A a, B b, C c, D d, E e, F f) throws Exception;
    }
}
