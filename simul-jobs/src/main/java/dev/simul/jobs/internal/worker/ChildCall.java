package dev.simul.jobs.internal.worker;

import java.io.Serial;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way to a child JVM: which method of which class, and the job's data, which is read there.
 */
final class ChildCall implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** What the child knows already, by name of class. */
    private static final ConcurrentHashMap<String, JobFunctions> KNOWN = new ConcurrentHashMap<>();

    private final String id;
    private final String owner;
    private final byte[] data;

    /**
     * A call.
     *
     * @param owner the class whose {@link dev.simul.jobs.SimulJob} method the job asks for
     * @param data the field of the job's hash, as it came
     */
    ChildCall(String id, String owner, byte[] data) {
        this.id = id;
        this.owner = owner;
        this.data = data;
    }

    /** Runs the job; called in the child. */
    static byte @Nullable [] run(ChildCall call) throws Exception {
        var functions = KNOWN.computeIfAbsent(call.owner, ChildCall::functionsOf);
        var payload = new Payload(call.data);
        var asked = payload.call();
        var method = functions.find(call.id, asked.function());
        try {
            return JobCall.serialized(
                    call.id, payload.serializer(), JobCall.unlessRetry(method.invoke(method.arguments(asked))));
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new InvocationTargetException(e);
        }
    }

    private static JobFunctions functionsOf(String owner) {
        try {
            return JobFunctions.of(List.of(Class.forName(owner, true, ClassLoader.getSystemClassLoader())));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "the child JVM does not know " + owner + "; add it to the worker's childClassPath", e);
        }
    }
}
