package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import dev.simul.jobs.internal.redis.Zlib;
import dev.simul.jobs.internal.seal.SealRing;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A job that is about to be put into Redis, checked and in the form in which it goes there. */
final class NewJob {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final String id;
    private final JobRequest<?> request;
    private final JobOptions options;
    private final @Nullable SealRing seal;
    private final byte[] call;
    private final byte @Nullable [] meta;
    private final EnqueuePlan plan;

    NewJob(JobRequest<?> request, JobOptions options, JobSettings settings, Instant now) {
        var chosen = options.id();
        this.id = chosen == null ? UUID.randomUUID().toString() : chosen;
        this.request = request;
        this.options = options;
        this.seal = settings.ring();
        requireConsistent(settings, now);
        this.call = call(settings);
        this.meta = options.meta().isEmpty()
                ? null
                : Serialized.write(options.serializer(), options.meta(), "the meta of " + request);
        this.plan = new EnqueuePlan(options, call);
    }

    private byte[] call(JobSettings settings) {
        var serializer = options.serializer();
        byte[] call;
        try {
            call = Serialized.writeCall(serializer, request.function(), request.arguments(), request.named());
        } catch (UnreadableValueException e) {
            throw new IllegalArgumentException(
                    serializer + " cannot express the arguments of " + request.function() + ": " + e.getMessage(), e);
        }
        require(
                call.length <= settings.maxPayloadBytes(),
                "the arguments of " + request + " take " + call.length + " bytes, more than maxPayloadBytes ("
                        + settings.maxPayloadBytes()
                        + "); put them elsewhere and pass where, or raise JobSettings.maxPayloadBytes");
        return call;
    }

    private void requireConsistent(JobSettings settings, Instant now) {
        if (options.isUnique()) {
            require(options.id() != null, "unique needs an id to be unique by: say id(…), or uniqueFor(…) instead");
            require(options.parents().isEmpty(), "unique cannot be combined with after(…), as in RQ");
            require(
                    options.rateLimit() == null || options.isDelayed(),
                    "unique cannot be combined with rateLimit, as in RQ, but for a job that is due at a time");
        }
        require(!options.parents().contains(id), "job " + id + " cannot wait for itself: take its id out of after(…)");
        require(
                options.uniqueFor() == null || !options.isUniqueWhilePending(),
                "uniqueFor and uniqueWhilePending contradict each other: say one of them");
        if (options.isDelayed()) {
            require(
                    options.parents().isEmpty(),
                    "a job that is due at a time does not look at after(…): say one of them");
            long lifetime = JobHash.lifetime(options);
            var due = options.due(now).orElseThrow();
            if (lifetime > 0 && !due.isBefore(now.plusSeconds(lifetime))) { // allowed, because RQ allows it
                LOG.log(
                        Level.WARNING,
                        "job {0} vanishes by its ttl of {1} s before it is due at {2}",
                        id,
                        lifetime,
                        due);
            }
        }
        if (options.rateLimit() != null) {
            require(
                    settings.isRq3(),
                    "rateLimit is understood by RQ 3.0 only, older workers stop at such a job: say"
                            + " JobSettings.allWorkersAreRq3() if there are none");
            require(
                    settings.keyPrefix().equals("rq"),
                    "rateLimit cannot be combined with keyPrefix " + settings.keyPrefix() + ", as in RQ");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Whether it runs after other jobs. */
    boolean hasParents() {
        return !options.parents().isEmpty();
    }

    String id() {
        return id;
    }

    List<String> parents() {
        return options.parents();
    }

    JobOptions options() {
        return options;
    }

    /** Function and arguments, as a worker reads them. */
    byte[] call() {
        return call;
    }

    int bytes() {
        return call.length;
    }

    /** What no two such jobs of a queue may have in common; null if anything goes. */
    @Nullable
    String lock() {
        return plan.lock();
    }

    /** Whether another such job is refused or replaced rather than taken instead. */
    boolean isJealous() {
        return plan.lock() != null && options.onDuplicate() != OnDuplicate.RETURN_EXISTING;
    }

    /** Adds what {@code enqueue.lua} wants to know of one job. */
    void write(Arguments out, Instant now) {
        var description = options.description();
        var plain = Zlib.deflate(call);
        boolean encrypts = seal != null && seal.encrypts();
        out.add(id)
                .add(plan.write(now))
                .add(JobHash.seconds(options.timeout()))
                .add(seal != null && encrypts ? seal.encrypt(id, plain) : plain)
                .add(description == null || description.isEmpty() ? described(encrypts) : description);
        JobHash.write(out, options, meta, seal == null || encrypts ? null : seal.sign(id, plain));
    }

    /** The call; without what is encrypted. */
    private String described(boolean encrypts) {
        return encrypts ? request.function() + "(...)" : request.toString();
    }

    /** What is said of a job that cannot be written beside another one. */
    RuntimeException refusal(String why, String other) {
        if (why.equals("circular")) {
            return new IllegalArgumentException("job " + id + " would wait for itself: one of "
                    + String.join(", ", options.parents()) + " waits for it already");
        }
        return new DuplicateJobException(
                other,
                other.equals(id)
                        ? "job " + id + " exists already"
                        : "job " + other + " is there already for " + request);
    }
}
