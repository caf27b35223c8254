package dev.simul.jobs;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A reference to a static {@link SimulJob} method without a result, by number of parameters; see {@link JobFunction}. */
public sealed interface JobAction extends Serializable {

    /** No parameters. */
    @FunctionalInterface
    non-sealed interface Of0 extends JobAction {
        void run() throws Exception;
    }

    /** One parameter. */
    @FunctionalInterface
    non-sealed interface Of1<A extends @Nullable Object> extends JobAction {
        void run(A a) throws Exception;
    }

    /** Two parameters. */
    @FunctionalInterface
    non-sealed interface Of2<A extends @Nullable Object, B extends @Nullable Object> extends JobAction {
        void run(A a, B b) throws Exception;
    }

    /** Three parameters. */
    @FunctionalInterface
    non-sealed interface Of3<A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            extends JobAction {
        void run(A a, B b, C c) throws Exception;
    }

    /** Four parameters. */
    @FunctionalInterface
    non-sealed interface Of4<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            extends JobAction {
        void run(A a, B b, C c, D d) throws Exception;
    }

    /** Five parameters. */
    @FunctionalInterface
    non-sealed interface Of5<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object>
            extends JobAction {
        void run(A a, B b, C c, D d, E e) throws Exception;
    }

    /** Six parameters. */
    @FunctionalInterface
    non-sealed interface Of6<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object>
            extends JobAction {
        void run(A a, B b, C c, D d, E e, F f) throws Exception;
    }
}
