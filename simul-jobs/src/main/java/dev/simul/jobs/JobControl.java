package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.JobData;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import dev.simul.jobs.internal.redis.Serialized;
import io.lettuce.core.ScriptOutputType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What can be done to a job from outside; each a script, so that a job never stands nowhere. */
final class JobControl {
    private final RedisLink redis;
    private final String id;
    private final String queue;

    /** {@code queue} counts only if the job's hash does not name one. */
    JobControl(JobClient client, String id, String queue) {
        this.redis = client.redis();
        this.id = id;
        this.queue = queue;
    }

    /**
     * Cancels the job if it waits, asks for its stop if it runs.
     *
     * @param ended whether a job that has ended moves to the canceled ones too
     * @return the status that it had; GONE if there is no such job
     */
    CompletionStage<JobStatus> cancel(Dependents dependents, boolean ended) {
        var now = Instant.now();
        var values = new Arguments()
                .add(id)
                .add(queue)
                .add(now.getEpochSecond())
                .add(RqTime.iso(now))
                .add(dependents.name())
                .add(ended ? 1 : 0);
        return redis.<byte[]>run(Script.CANCEL, ScriptOutputType.VALUE, hash(), values)
                .thenApply(status -> JobStatus.of(Reply.text(status)));
    }

    boolean delete(Dependents dependents) {
        var now = Instant.now();
        var values = new Arguments()
                .add(now.getEpochSecond())
                .add(RqTime.iso(now))
                .add(dependents.name())
                .add(id)
                .add(queue);
        return redis.await(redis.<Long>run(Script.FORGET, ScriptOutputType.INTEGER, hash(), values)) == 1;
    }

    void requeue(List<JobRegistry.Kind> from, boolean atFront) {
        var places = from.stream().map(JobRegistry.Kind::key).collect(Collectors.joining(" or "));
        switch (tryRequeue(from, atFront)) {
            case 0 ->
                throw new IllegalStateException(
                        "job " + id + " cannot be requeued: it is not among the " + places + " jobs of queue " + queue);
            case -1 ->
                throw new IllegalStateException(
                        "job " + id + " cannot be requeued: it has expired or was deleted; its entry is removed now");
            default -> {}
        }
    }

    /** 1, 0 if it does not stand there, -1 if it does but is gone. */
    int tryRequeue(List<JobRegistry.Kind> from, boolean atFront) {
        var values = new Arguments().add(id).add(queue).add(atFront ? 1 : 0).add(RqTime.iso(Instant.now()));
        from.forEach(kind -> values.add(kind.key()));
        return redis.await(redis.<Long>run(Script.REVIVE, ScriptOutputType.INTEGER, hash(), values))
                .intValue();
    }

    /** Whether it runs, and so has been asked to stop. */
    boolean stop(String execution) {
        var values = new Arguments().add(id).add(queue).add(execution);
        return redis.await(redis.<Long>run(Script.STOP, ScriptOutputType.INTEGER, hash(), values)) >= 0;
    }

    void saveMeta(Map<String, ?> meta) {
        var fields = redis.await(redis.commands().hmget(redis.keys().job(id), "data", "meta"));
        var serializer = JobData.serializer(
                fields.get(0).getValueOrElse(new byte[0]), fields.get(1).getValueOrElse(new byte[0]));
        var values = new Arguments().add(Serialized.write(serializer, meta, "the meta of job " + id));
        if (redis.await(redis.<Long>run(Script.SAVE_META, ScriptOutputType.INTEGER, hash(), values)) == 0) {
            throw new IllegalStateException(
                    "the meta of job " + id + " cannot be saved: it has expired or was deleted");
        }
    }

    private List<String> hash() {
        return List.of(redis.keys().job(id));
    }
}
