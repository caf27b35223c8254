package dev.simul;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

// sun.misc.Signal is the only way of the JDK to hear of a signal. It is in module jdk.unsupported, which need not be
// there, and compiling against it gives a warning that nothing switches off; so it is reached by reflection, all of it
// here.
//
// The JVM's own handler of Ctrl-C reads as an inner class of sun.misc.Signal, a handler of the application as itself.
// On the way out nobody is pushed aside who came later: if the handler then in place is not ours, it goes back.

/**
 * What is done when the operating system sends this process a signal, until it is closed.
 *
 * <p>For coroutines there is {@link EventLoop#addSignalHandler}; this is for everything else. Closing puts the handler back
 * that was there before.
 *
 * <p>Thread: any.
 */
public final class SignalHandler implements AutoCloseable {

    private static volatile boolean loaded;

    private final Object signal;
    private final Object ours;
    private final Object before;

    private SignalHandler(Object signal, Object ours) {
        this.signal = signal;
        this.ours = ours;
        this.before = Jdk.handle(signal, ours);
    }

    /**
     * Has {@code action} called, in a thread of its own, whenever the signal comes.
     *
     * @param signal its name, such as {@code INT} (Ctrl-C), {@code TERM} or {@code HUP}
     * @throws IllegalArgumentException if the operating system has no such signal, or keeps it to itself or for the JVM
     * @throws UnsupportedOperationException if this Java runtime does not tell of signals
     */
    public static SignalHandler install(String signal, Runnable action) {
        try {
            return new SignalHandler(Jdk.signal(signal), Jdk.handler(action));
        } catch (LinkageError e) {
            throw new UnsupportedOperationException("no signals without the module jdk.unsupported: add it", e);
        }
    }

    /** {@link #install}, or null where that cannot be, or where the application has a handler of its own. */
    static @Nullable SignalHandler installIfDefault(String signal, Runnable action) {
        try {
            var handler = install(signal, action);
            if (Jdk.isOfTheJvm(handler.before)) {
                return handler;
            }
            handler.close();
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            System.getLogger("dev.simul").log(System.Logger.Level.DEBUG, "no handler of " + signal, e);
        }
        return null;
    }

    /** Puts the handler back that was there before, if this one is still in place. */
    @Override
    @SuppressWarnings("ReferenceEquality") // this very handler
    public void close() {
        var inPlace = Jdk.handle(signal, before);
        if (inPlace != ours) {
            Jdk.handle(signal, inPlace);
        }
    }

    /** Does what would have been done without this handler. */
    void passOn() {
        Jdk.call(before, signal);
    }

    /** Whether the classes for it are there: the first handler of all takes some 20 ms. */
    static boolean isLoaded() {
        return loaded;
    }

    /** Has the next handler installed at once. */
    static void load() {
        install("INT", () -> {}).close();
    }

    private static final class Jdk {

        private static final Class<?> SIGNAL;
        private static final Class<?> HANDLER;
        private static final Method HANDLE;
        private static final Method CALL;
        private static final Object IGNORE;

        static {
            try {
                SIGNAL = Class.forName("sun.misc.Signal");
                HANDLER = Class.forName("sun.misc.SignalHandler");
                HANDLE = SIGNAL.getMethod("handle", SIGNAL, HANDLER);
                CALL = HANDLER.getMethod("handle", SIGNAL);
                IGNORE = HANDLER.getField("SIG_IGN").get(null);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
            loaded = true;
        }

        static Object signal(String name) {
            try {
                return SIGNAL.getConstructor(String.class).newInstance(name);
            } catch (ReflectiveOperationException e) {
                throw unchecked(e);
            }
        }

        @SuppressWarnings("ReferenceEquality")
        static Object handler(Runnable action) {
            return Proxy.newProxyInstance(
                    HANDLER.getClassLoader(), new Class<?>[] {HANDLER}, (self, method, arguments) -> {
                        switch (method.getName()) {
                            case "handle" -> action.run();
                            case "equals" -> {
                                return self == arguments[0];
                            }
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            case "toString" -> {
                                return action.toString();
                            }
                            default -> throw new AssertionError(method);
                        }
                        return null;
                    });
        }

        /** Returns the handler before. */
        static Object handle(Object signal, Object handler) {
            return Objects.requireNonNull(invoke(HANDLE, null, signal, handler));
        }

        /** Not of the application, and not of a shell that has started us in the background and deaf to Ctrl-C. */
        @SuppressWarnings("ReferenceEquality")
        static boolean isOfTheJvm(Object handler) {
            return handler != IGNORE && handler.getClass().getName().startsWith("sun.misc.Signal$");
        }

        static void call(Object handler, Object signal) {
            invoke(CALL, handler, signal);
        }

        private static @Nullable Object invoke(Method method, @Nullable Object target, Object... arguments) {
            try {
                return method.invoke(target, arguments);
            } catch (ReflectiveOperationException e) {
                throw unchecked(e);
            }
        }

        private static RuntimeException unchecked(ReflectiveOperationException error) {
            return error instanceof InvocationTargetException && error.getCause() instanceof RuntimeException cause
                    ? cause
                    : new UnsupportedOperationException("sun.misc.Signal cannot be used", error);
        }
    }
}
