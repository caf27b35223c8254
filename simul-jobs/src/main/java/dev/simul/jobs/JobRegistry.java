package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.ScriptOutputType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of one queue that stand in the same place: failed, finished, scheduled and so on.
 *
 * <p>Reading it never changes anything, as it does in RQ: entries whose time is over are left out of every answer and
 * stay until {@link #cleanup} or a worker's maintenance removes them.
 *
 * <p>Thread: any. Every method throws {@link RedisUnavailableException} if Redis cannot be reached.
 */
public final class JobRegistry {

    /** Where jobs can stand besides their queue's list. */
    public enum Kind {
        /** Being run; RQ's StartedJobRegistry. Its entries expire when the worker is not heard of. */
        STARTED("wip"),
        /** Returned, and still kept. */
        FINISHED("finished"),
        /** Failed or stopped, and still kept. */
        FAILED("failed"),
        /** Waiting for other jobs. */
        DEFERRED("deferred"),
        /** Waiting for their time. */
        SCHEDULED("scheduled"),
        /** Cancelled. RQ never forgets these ids; {@link #cleanup} removes those whose jobs are gone. */
        CANCELED("canceled"),
        /** RQ 3.0's jobs on their way from deferred to queued. */
        READY("ready");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        String key() {
            return key;
        }

        private boolean expires() {
            return this == FINISHED || this == FAILED;
        }
    }

    private final JobClient client;
    private final String queue;
    private final Kind kind;

    JobRegistry(JobClient client, String queue, Kind kind) {
        this.client = client;
        this.queue = queue;
        this.kind = kind;
    }

    /** The queue's name. */
    public String queue() {
        return queue;
    }

    /** Which of the queue's registries it is. */
    public Kind kind() {
        return kind;
    }

    /** The name of its key in Redis. */
    public String key() {
        return client.redis().keys().registry(kind.key(), queue);
    }

    /** How many jobs stand in it now. */
    public long size() {
        return kind == Kind.STARTED ? ids().size() : sizeWithExpired() - expired(Instant.now());
    }

    /** How many entries it has, those too whose time is over: RQ's {@code count} without clean-up. */
    public long sizeWithExpired() {
        return client.redis().await(client.redis().commands().zcard(key()));
    }

    private long expired(Instant now) {
        return kind.expires() ? client.redis().await(client.redis().commands().zcount(key(), until(now))) : 0;
    }

    private static Range<Long> until(Instant moment) {
        return Range.create(0L, moment.getEpochSecond());
    }

    /** Whether no job stands in it. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** The ids of its jobs, by the moment that their entries carry; see {@link #expiresAt}. */
    public List<String> ids() {
        return ids(0, -1);
    }

    /**
     * A stretch of {@link #ids()}.
     *
     * @param offset how many to leave out
     * @param count how many to give at most, -1 for all
     */
    public List<String> ids(long offset, long count) {
        return members(offset, count, false);
    }

    /**
     * A stretch of {@link #ids()} backwards, the latest first.
     *
     * @param offset how many to leave out
     * @param count how many to give at most, -1 for all
     */
    public List<String> idsDescending(long offset, long count) {
        return members(offset, count, true);
    }

    private List<String> members(long offset, long count, boolean descending) {
        if (offset < 0 || count < -1) {
            throw new IllegalArgumentException(
                    "offset must be at least 0 and count at least -1, were " + offset + " and " + count);
        }
        var values = new Arguments()
                .add(kind.expires() ? Long.toString(Instant.now().getEpochSecond()) : "")
                .add(offset)
                .add(count)
                .add(descending ? 1 : 0);
        var answer = client.redis()
                .await(client.redis().<List<?>>run(Script.MEMBERS, ScriptOutputType.MULTI, List.of(key()), values));
        var ids = new LinkedHashSet<String>(); // a job may have two executions
        for (int i = 0; i < answer.size(); i += 2) {
            ids.add(jobOf(Reply.text(answer.get(i))));
        }
        return List.copyOf(ids);
    }

    private static String jobOf(String member) {
        int colon = member.indexOf(':');
        return colon < 0 ? member : member.substring(0, colon);
    }

    /** The jobs themselves, without those that are gone. */
    public List<JobInfo> jobs() {
        return jobs(0, -1);
    }

    /**
     * A stretch of its jobs, without those that are gone.
     *
     * @param offset how many to leave out
     * @param count how many to give at most, -1 for all
     */
    public List<JobInfo> jobs(long offset, long count) {
        return client.present(ids(offset, count));
    }

    /** Whether the job of that id stands in it. */
    public boolean contains(String id) {
        return expiresAt(id)
                .filter(moment -> !kind.expires() || moment.isAfter(Instant.now()))
                .isPresent();
    }

    /** Whether the job stands in it. */
    public boolean contains(Job<?> job) {
        return contains(job.id());
    }

    /**
     * The moment that a job's entry carries, in whole seconds: when it expires (finished, failed; for a started one when it
     * counts as abandoned), when it is due (scheduled), when it came here (deferred, canceled, ready).
     *
     * @return {@link Instant#MAX} for never, empty if the job does not stand here
     */
    public Optional<Instant> expiresAt(String id) {
        return entries(id).stream()
                .map(ScoredValue::getScore)
                .max(Double::compare)
                .map(JobRegistry::moment);
    }

    /** The entries of one job: more than one only while somebody else's execution of it goes on. */
    private List<ScoredValue<byte[]>> entries(String id) {
        var commands = client.redis().commands();
        if (kind != Kind.STARTED) {
            var score = client.redis().await(commands.zscore(key(), Fields.encoded(id)));
            return score == null ? List.of() : List.of(ScoredValue.just(score, Fields.encoded(id)));
        }
        return client.redis().await(commands.zrangeWithScores(key(), 0, -1)).stream()
                .filter(entry -> jobOf(Reply.text(entry.getValue())).equals(id))
                .toList();
    }

    private static Instant moment(double score) {
        return score < 0 || score >= Instant.MAX.getEpochSecond() ? Instant.MAX : Instant.ofEpochSecond((long) score);
    }

    /** The ids of entries that carry this moment or an earlier one. */
    public List<String> expiredIds(Instant moment) {
        return client.redis().await(client.redis().commands().zrangebyscore(key(), until(moment))).stream()
                .map(member -> jobOf(Reply.text(member)))
                .toList();
    }

    /**
     * Removes the entries of finished and failed jobs whose time is over, and of canceled ones that are gone. Does nothing in
     * the other registries: a started job whose worker is not heard of is rescued by the other workers.
     *
     * @return how many entries it removed
     */
    public long cleanup() {
        if (kind.expires()) {
            return client.redis().await(client.redis().commands().zremrangebyscore(key(), until(Instant.now())));
        }
        return kind == Kind.CANCELED
                ? client.redis()
                        .await(client.redis()
                                .<Long>run(Script.PRUNE, ScriptOutputType.INTEGER, List.of(key()), new Arguments()))
                : 0;
    }

    /**
     * Takes a job's entry out of the registry and leaves the job itself alone. A job that stands nowhere is never run; see
     * {@link Job#delete()} for removing it altogether.
     *
     * @return whether it was there
     */
    public boolean remove(String id) {
        long removed = 0;
        for (var entry : entries(id)) {
            removed += client.redis().await(client.redis().commands().zrem(key(), entry.getValue()));
        }
        return removed > 0;
    }

    /**
     * Puts a job of this registry at the end of its queue, to be run again.
     *
     * @throws IllegalStateException if it does not stand here, or the job itself is gone
     */
    public void requeue(String id) {
        requeue(id, false);
    }

    /**
     * Puts a job of this registry back on its queue, to be run again.
     *
     * @param atFront whether at the front
     * @throws IllegalStateException if it does not stand here, or the job itself is gone
     */
    public void requeue(String id, boolean atFront) {
        new JobControl(client, id, queue).requeue(List.of(kind), atFront);
    }

    /**
     * Puts all jobs of this registry at the end of their queue, to be run again. Those that are gone are dropped.
     *
     * @return the ids of those that have been put back
     */
    public List<String> requeueAll() {
        var requeued = new ArrayList<String>();
        for (var id : ids()) {
            if (new JobControl(client, id, queue).tryRequeue(List.of(kind), false) == 1) {
                requeued.add(id);
            }
        }
        return requeued;
    }

    /** For logs. */
    @Override
    public String toString() {
        return kind.key() + " jobs of queue " + queue;
    }
}
