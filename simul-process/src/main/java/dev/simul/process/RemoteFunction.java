package dev.simul.process;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A method reference that can travel to another JVM: what {@link ProcessPool#submit} takes.
 *
 * <p>Best a reference to a static method, {@code Primes::count}: nothing but its name and its arguments travel. A lambda
 * works too; the variables it captures travel with it and must be serialisable like arguments. The types of the
 * arguments are checked by the compiler. A method without a result does not fit; let it return {@code null} as a
 * {@link Void}.
 */
public sealed interface RemoteFunction extends Serializable {
    /** Work without arguments. */
    @FunctionalInterface
    non-sealed interface Of0<R extends @Nullable Object> extends RemoteFunction {
        /**
         * Does the work, in the child.
         *
         * @throws Exception whatever the work throws; it arrives in the parent
         */
        R call() throws Exception;
    }

    /** Work on one argument. */
    @FunctionalInterface
    non-sealed interface Of1<A extends @Nullable Object, R extends @Nullable Object> extends RemoteFunction {
        /**
         * Does the work, in the child.
         *
         * @throws Exception whatever the work throws; it arrives in the parent
         */
        R call(A a) throws Exception;
    }

    /** Work on two arguments. */
    @FunctionalInterface
    non-sealed interface Of2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
            extends RemoteFunction {
        /**
         * Does the work, in the child.
         *
         * @throws Exception whatever the work throws; it arrives in the parent
         */
        R call(A a, B b) throws Exception;
    }

    /** Work on three arguments. */
    @FunctionalInterface
    non-sealed interface Of3<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            extends RemoteFunction {
        /**
         * Does the work, in the child.
         *
         * @throws Exception whatever the work throws; it arrives in the parent
         */
        R call(A a, B b, C c) throws Exception;
    }

    /** Work on four arguments. */
    @FunctionalInterface
    non-sealed interface Of4<
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            extends RemoteFunction {
        /**
         * Does the work, in the child.
         *
         * @throws Exception whatever the work throws; it arrives in the parent
         */
        R call(A a, B b, C c, D d) throws Exception;
    }
}
