package dev.simul.jobs.internal.worker;

import dev.simul.jobs.JobSettings;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way to a child JVM: which method of which class, the job's data, which is read there, and where its
 * Redis is.
 */
final class ChildCall implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** What the child knows already, by name of class. */
    private static final ConcurrentHashMap<String, JobFunctions> KNOWN = new ConcurrentHashMap<>();

    private final String id;
    private final String queue;
    private final String executionId;
    private final byte[] data;
    private final String owner;
    private final String worker;
    private final JobSettings deployment;

    /**
     * A call.
     *
     * @param owner the class whose {@link dev.simul.jobs.SimulJob} method the job asks for
     * @param worker the name of the worker, who goes on keeping the job alive
     */
    ChildCall(ReservedJob job, String owner, String worker, JobSettings deployment) {
        this.id = job.id();
        this.queue = job.queue();
        this.executionId = job.executionId();
        this.data = job.payload().bytes();
        this.owner = owner;
        this.worker = worker;
        this.deployment = deployment;
    }

    /** Runs the job; called in the child. */
    static byte @Nullable [] run(ChildCall call) throws Exception {
        var functions = KNOWN.computeIfAbsent(call.owner, ChildCall::functionsOf);
        var payload = new Payload(call.data);
        var asked = payload.call();
        var method = functions.find(call.id, asked.function());
        var arguments = method.arguments(asked, true); // the parent has shown what does not fit
        var live = ChildLink.of(call.deployment).live(call.job(payload), call.worker);
        try {
            var value = JobScope.within(live, () -> method.invoke(arguments));
            return JobCall.serialized(call.id, payload.serializer(), JobCall.unlessRetry(value));
        } finally {
            live.settle(); // here, for the worker writes the end over another connection
        }
    }

    private ReservedJob job(Payload payload) {
        return new ReservedJob(queue, id, executionId, Instant.now(), payload, null, null, null, JobExtras.NONE);
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
