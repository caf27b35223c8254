package dev.simul.process.internal.child;

import dev.simul.process.ChildFailureException;
import dev.simul.process.internal.wire.Failure;
import dev.simul.process.internal.wire.Frame;
import dev.simul.process.internal.wire.Frame.Kind;
import dev.simul.process.internal.wire.Invocation;
import dev.simul.process.internal.wire.MethodName;
import dev.simul.process.internal.wire.Values;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the payload of a call into the reply to it, whatever happens in between. */
final class Desk {
    private final ClassLoader loader = ClassLoader.getSystemClassLoader();
    private final Map<MethodName, Executable> known = new HashMap<>();
    private final int maxPayloadBytes;

    Desk(int maxPayloadBytes) {
        this.maxPayloadBytes = maxPayloadBytes;
    }

    Frame answer(byte[] payload) {
        Invocation invocation;
        Executable executable;
        try {
            invocation = Invocation.decode(payload, loader);
            executable = find(invocation.method());
        } catch (Exception | LinkageError unreadable) {
            return failure(notUnderstood(unreadable));
        }
        try {
            return value(invocation.method(), MethodName.call(executable, invocation.values()));
        } catch (Throwable thrown) {
            return failure(thrown);
        } finally {
            System.out.flush();
            System.err.flush();
            // An interrupt that the work left behind would close the socket at the next look at it.
            Thread.interrupted();
        }
    }

    private Executable find(MethodName method) throws ReflectiveOperationException {
        Executable executable = known.get(method);
        if (executable == null) {
            executable = method.find(loader);
            known.put(method, executable);
        }
        return executable;
    }

    private Frame value(MethodName method, @Nullable Object result) {
        byte[] payload;
        try {
            payload = Values.write(result);
        } catch (IOException | RuntimeException refused) {
            return failure(new ChildFailureException("the result of " + method + " cannot be serialised: " + refused
                    + "; make that class Serializable, or return a plain value"));
        }
        if (payload.length > maxPayloadBytes) {
            return failure(new ChildFailureException("the result of " + method + " is " + payload.length
                    + " bytes, more than maxPayloadBytes = " + maxPayloadBytes
                    + "; raise it in ProcessPool.builder(), or return a file's path"));
        }
        return new Frame(Kind.VALUE, payload);
    }

    private static ChildFailureException notUnderstood(Throwable reason) {
        var failure = new ChildFailureException("the child cannot read the call: " + reason
                + "; its class path is the parent's java.class.path, more by ProcessPool.builder().addToClassPath(…)");
        failure.initCause(ChildFailureException.textOf(reason));
        return failure;
    }

    private static Frame failure(Throwable thrown) {
        return new Frame(Kind.FAILURE, Failure.encode(thrown));
    }
}
