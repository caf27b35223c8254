package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import dev.simul.jobs.internal.redis.Zlib;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * How one attempt to run a job ended.
 *
 * <p>RQ keeps the last ten or so of a job; attempts that failed and were tried again by {@link Retry} leave none.
 *
 * <p>Thread: any; it never changes.
 */
public final class JobResult {
    private static final int LIMIT_BYTES = 64 << 20;

    /** What an attempt came to. */
    public enum Type {
        /** The function returned. */
        SUCCESSFUL,
        /** The function raised, ran out of time, was stopped or lost with its worker. */
        FAILED,
        /** Stopped by a command; RQ has the number but writes {@link #FAILED} for it. */
        STOPPED,
        /** The function returned a wish to be tried again, and is. */
        RETRIED,
        /** The function returned a wish to be tried again once too often. */
        MAX_RETRIES_EXCEEDED,
        /** Something that this version does not know. */
        OTHER;

        static Type of(String number) {
            return switch (number) {
                case "1" -> SUCCESSFUL;
                case "2" -> FAILED;
                case "3" -> STOPPED;
                case "4" -> RETRIED;
                case "5" -> MAX_RETRIES_EXCEEDED;
                default -> OTHER;
            };
        }
    }

    private final String jobId;
    private final String id;
    private final Type type;
    private final Fields fields;

    JobResult(String jobId, String id, Fields fields) {
        this(jobId, id, Type.of(fields.text("type").orElse("")), fields);
    }

    JobResult(String jobId, String id, Type type, Fields fields) {
        this.jobId = jobId;
        this.id = id;
        this.type = type;
        this.fields = fields;
    }

    /** The job's id. */
    public String jobId() {
        return jobId;
    }

    /** The id of the entry in the job's stream of results, such as {@code 1795361160510-0}. */
    public String id() {
        return id;
    }

    /** What it came to. */
    public Type type() {
        return type;
    }

    /** When it was recorded, by the clock of Redis, in milliseconds. */
    public Instant createdAt() {
        var dash = id.indexOf('-');
        return Instant.ofEpochMilli(Long.parseLong(dash < 0 ? id : id.substring(0, dash)));
    }

    /** The worker that had the job; empty for a job that was found abandoned. */
    public Optional<String> worker() {
        return fields.text("worker_name");
    }

    /** The id of the attempt. */
    public Optional<String> executionId() {
        return fields.text("execution_id");
    }

    /** When the attempt began. */
    public Optional<Instant> executionStartedAt() {
        return fields.moment("execution_started_at");
    }

    /** When the attempt ended. */
    public Optional<Instant> executionEndedAt() {
        return fields.moment("execution_ended_at");
    }

    /**
     * What the function returned; empty if it failed, or returned nothing.
     *
     * @param type what the result is read as; {@code Object.class} for numbers, texts, lists and maps as they are
     * @throws IllegalStateException if it cannot be read as that
     */
    public <T> Optional<T> value(Class<T> type) {
        var bytes = bytes();
        try {
            return bytes.flatMap(value -> Optional.ofNullable(type.cast(Serialized.read(value, type))));
        } catch (UnreadableValueException | ClassCastException e) {
            throw new IllegalStateException(
                    "job " + jobId + " returned " + Serialized.showBytes(bytes.orElse(null)) + ", which is no "
                            + type.getName() + "; read it as Object.class",
                    e);
        }
    }

    /** What the function returned, as it is stored; empty if that is a pickle, see {@link #value}. */
    public Optional<String> json() {
        return bytes().filter(bytes -> Serialized.serializer(bytes) == Serializer.JSON)
                .map(Reply::text);
    }

    private Optional<byte[]> bytes() {
        return fields.text("return_value").map(text -> {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                return fields.bytes("return_value").orElseThrow(); // not what the format asks for; show what there is
            }
        });
    }

    /** Why it failed: a Java stack trace or a Python traceback, whose last line names the error. */
    public Optional<String> traceback() {
        return fields.text("exc_string").map(JobResult::inflated);
    }

    private static String inflated(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            var plain = Zlib.inflate(bytes, LIMIT_BYTES);
            return Reply.text(plain == null ? bytes : plain);
        } catch (IllegalArgumentException e) {
            return base64;
        }
    }

    /** The result that RQ before 1.12 left in the job's hash, and repeats still do. */
    static Optional<JobResult> legacy(JobInfo job) {
        var fields = new LinkedHashMap<String, byte[]>();
        job.field("result")
                .filter(bytes -> bytes.length > 0)
                .ifPresent(bytes -> fields.put("return_value", base64(bytes)));
        job.field("exc_info")
                .filter(bytes -> bytes.length > 0 && !isNothing(bytes))
                .ifPresent(bytes -> fields.put("exc_string", base64(bytes)));
        job.field("worker_name").ifPresent(bytes -> fields.put("worker_name", bytes));
        if (!fields.containsKey("return_value") && !fields.containsKey("exc_string")) {
            return Optional.empty();
        }
        var ended = job.endedAt().or(job::createdAt).orElse(Instant.EPOCH);
        var type = fields.containsKey("exc_string") ? Type.FAILED : Type.SUCCESSFUL;
        return Optional.of(new JobResult(job.id(), ended.toEpochMilli() + "-0", type, new Fields(fields)));
    }

    /** The empty text, compressed: what a requeue leaves. */
    private static boolean isNothing(byte[] bytes) {
        var plain = Zlib.inflate(bytes, LIMIT_BYTES);
        return plain != null && plain.length == 0;
    }

    private static byte[] base64(byte[] bytes) {
        return Base64.getEncoder().encode(bytes);
    }

    /** For logs. */
    @Override
    public String toString() {
        return "result " + id + " of job " + jobId + " (" + type + ")";
    }
}
