package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cancel, delete, requeue and stop. */
class JobControlTest extends OnRedis {
    private static void burst() throws InterruptedException {
        Worker.on(redis.url())
                .functions(Sums.class)
                .name("w1")
                .burst(true)
                .build()
                .run();
    }

    private Job<?> enqueue(String id) {
        return jobs.queue("default").with(o -> o.id(id)).enqueue(Sums::noop);
    }

    /** As RQ writes a job that waits for others. */
    private Job<?> deferred(String id, String... parents) {
        var job = enqueue(id);
        raw.lrem("rq:queue:default", 1, id);
        raw.hset("rq:job:" + id, "status", "deferred");
        raw.hdel("rq:job:" + id, "enqueued_at");
        raw.zadd("rq:deferred:default", 1, id);
        for (var parent : parents) {
            raw.sadd("rq:job:" + parent + ":dependents", id);
            raw.sadd("rq:job::" + id + ":dependencies", parent);
        }
        return job;
    }

    /** As RQ writes a job that a worker runs, which is not there. */
    private Job<?> started(String id, String execution) {
        var job = enqueue(id);
        raw.lrem("rq:queue:default", 1, id);
        raw.hset("rq:job:" + id, Map.of("status", "started", "worker_name", "py1"));
        raw.hset(
                "rq:execution:" + id + ":" + execution,
                Map.of(
                        "id",
                        execution,
                        "created_at",
                        "1795361159.5",
                        "last_heartbeat",
                        "1795361160",
                        "worker_name",
                        "py1"));
        raw.zadd("rq:executions:" + id, 4e9 + 60, execution);
        raw.zadd("rq:wip:default", 4e9, id + ":" + execution);
        raw.sadd("rq:worker:py1:executions", id + ":" + execution);
        return job;
    }

    private List<String> queued() {
        return raw.lrange("rq:queue:default", 0, -1);
    }

    @Test
    void queuedJobIsCancelledOnceOnly() {
        var job = enqueue("a");
        enqueue("b");
        raw.rpush("rq:queue:default", "a"); // enqueued twice
        job.cancel(Dependents.KEEP);
        assertThat(queued()).containsExactly("b");
        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(jobs.queue("default").registry(JobRegistry.Kind.CANCELED).ids())
                .containsExactly("a");
        assertThatThrownBy(() -> job.cancel(Dependents.KEEP)).hasMessage("job a is cancelled already");
        assertThat(job.cancel()).isFalse();
    }

    @Test
    void deferredAndScheduledJobsLeaveTheirRegistriesWhenCancelled() {
        var deferred = deferred("d", "p");
        var scheduled = enqueue("s");
        raw.lrem("rq:queue:default", 1, "s");
        raw.hset("rq:job:s", "status", "scheduled");
        raw.zadd("rq:scheduled:default", 4e9, "s");
        assertThat(deferred.cancel()).isTrue();
        assertThat(scheduled.cancel()).isTrue();
        assertThat(raw.exists("rq:deferred:default", "rq:scheduled:default")).isZero();
        assertThat(raw.zrange("rq:canceled:default", 0, -1)).containsExactlyInAnyOrder("d", "s");
    }

    @Test
    void cancelledParentQueuesItsDependentsOnlyWhenAsked() {
        var quiet = enqueue("quiet");
        deferred("waits", "quiet");
        quiet.cancel(Dependents.KEEP);
        assertThat(queued()).isEmpty();
        assertThat(raw.hget("rq:job:waits", "status")).isEqualTo("deferred");

        var parent = enqueue("p");
        enqueue("other");
        deferred("c1", "p");
        deferred("c2", "p", "other"); // has another parent that is not done
        parent.cancel(Dependents.ENQUEUE);
        assertThat(queued()).containsExactly("other", "c1");
        assertThat(raw.hget("rq:job:c1", "status")).isEqualTo("queued");
        assertThat(raw.hget("rq:job:c1", "enqueued_at")).endsWith("Z");
        assertThat(raw.zrange("rq:deferred:default", 0, -1)).containsExactlyInAnyOrder("waits", "c2");
        assertThat(parent.dependents()).containsExactly("c2");
    }

    @Test
    void dependentsCanShareTheFateOfTheirParent() {
        var parent = enqueue("p");
        deferred("c", "p");
        deferred("g", "c");
        parent.cancel(Dependents.CANCEL);
        assertThat(raw.zrange("rq:canceled:default", 0, -1)).containsExactlyInAnyOrder("p", "c", "g");
        assertThat(raw.exists("rq:deferred:default")).isZero();

        assertThat(parent.delete(Dependents.DELETE)).isTrue();
        assertThat(raw.keys("*")).containsExactly("rq:queues");
    }

    @ParameterizedTest
    @EnumSource(
            value = JobStatus.class,
            names = {"FINISHED", "FAILED", "STOPPED"})
    void jobThatHasEndedMovesToTheCanceledOnesOnlyByRqsCancel(JobStatus status) {
        var job = enqueue("e");
        raw.del("rq:queue:default");
        var registry = status == JobStatus.FINISHED ? "rq:finished:default" : "rq:failed:default";
        raw.hset("rq:job:e", "status", status.name().toLowerCase(java.util.Locale.ROOT));
        raw.zadd(registry, 4e9, "e");
        assertThat(job.cancel()).isFalse();
        assertThat(raw.zcard(registry)).isEqualTo(1);
        job.cancel(Dependents.KEEP);
        assertThat(raw.exists(registry)).isZero();
        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
    }

    @Test
    void jobThatIsGoneCannotBeCancelled() {
        var job = enqueue("x");
        raw.flushall();
        assertThat(job.cancel()).isFalse();
        assertThatThrownBy(() -> job.cancel(Dependents.KEEP)).hasMessageContaining("it expired or was deleted");
        assertThat(raw.keys("*")).isEmpty();
    }

    @Test
    void runningJobIsStoppedByMessageAndByAFlagForItsExecution() throws Exception {
        var execution = "0123456789abcdef0123456789abcdef";
        var job = started("r", execution);
        var heard = new CopyOnWriteArrayList<String>();
        try (var listener = client.connectPubSub()) {
            listener.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    heard.add(channel + " " + message);
                }
            });
            listener.sync().subscribe("rq:pubsub:py1");
            assertThat(job.cancel()).isTrue();
            assertThat(job.stop()).isTrue();
            assertThat(job.stop(execution)).isTrue();
            while (heard.size() < 3) {
                Background.breathe();
            }
        }
        assertThat(heard)
                .containsExactly(
                        "rq:pubsub:py1 {\"command\": \"stop-job\", \"job_id\": \"r\"}",
                        "rq:pubsub:py1 {\"command\": \"stop-job\", \"job_id\": \"r\"}",
                        "rq:pubsub:py1 {\"command\": \"stop-execution\", \"job_id\": \"r\", \"execution_id\": \""
                                + execution + "\"}");
        assertThat(raw.hget("rq:job:r", "x_stop")).isEqualTo(execution);
        assertThat(job.status()).isEqualTo(JobStatus.STARTED);
    }

    @Test
    void jobThatDoesNotRunCannotBeStopped() {
        var job = enqueue("q");
        assertThat(job.stop()).isFalse();
        assertThat(job.stop("0123456789abcdef0123456789abcdef")).isFalse();
        assertThat(raw.hexists("rq:job:q", "x_stop")).isFalse();
    }

    @Test
    void executionsOfARunningJobAreListed() {
        var job = started("r", "0123456789abcdef0123456789abcdef");
        var execution = job.executions().getFirst();
        assertThat(execution.id()).isEqualTo("0123456789abcdef0123456789abcdef");
        assertThat(execution.worker()).contains("py1");
        assertThat(execution.createdAt().orElseThrow().toEpochMilli()).isEqualTo(1795361159500L);
        assertThat(execution.expiresAt().orElseThrow().getEpochSecond()).isEqualTo(4_000_000_000L);
    }

    @Test
    void deletedJobLeavesNothingWhereverItStood() {
        started("r", "0123456789abcdef0123456789abcdef").delete();
        var grouped = enqueue("g");
        raw.hset("rq:job:g", "group_id", "team");
        raw.sadd("rq:group:team", "g");
        raw.xadd("rq:results:g", Map.of("type", "1"));
        raw.rpush("rq:queue:default:intermediate", "g");
        raw.set("rq:queue:default:intermediate:first_seen:g", "1");
        assertThat(grouped.delete()).isTrue();
        assertThat(grouped.delete()).isFalse();
        assertThat(deferred("d", "nobody").delete()).isTrue();
        assertThat(raw.keys("*")).containsExactly("rq:queues");
    }

    @Test
    void executionWhoseHashHasExpiredDoesNotHinderCancelAndDelete() {
        var job = started("r", "0123456789abcdef0123456789abcdef");
        raw.del("rq:execution:r:0123456789abcdef0123456789abcdef");
        assertThat(job.cancel()).isTrue();
        assertThat(job.delete()).isTrue();
        assertThat(raw.exists("rq:executions:r", "rq:wip:default", "rq:job:r")).isZero();
    }

    @Test
    void startedJobOfWhichThereIsNoExecutionIsSimplyCancelled() {
        var job = enqueue("lost");
        raw.del("rq:queue:default");
        raw.hset("rq:job:lost", "status", "started");
        assertThat(job.cancel()).isTrue();
        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
    }

    @Test
    void deletedParentKeepsItsChild() {
        var parent = enqueue("p");
        deferred("c", "p");
        parent.delete();
        assertThat(raw.hget("rq:job:c", "status")).isEqualTo("deferred");
        assertThat(raw.zrange("rq:deferred:default", 0, -1)).containsExactly("c");
    }

    @Test
    void jobDeletedWhileItRunsStaysDeleted() throws Exception {
        var gate = Sums.gate("deleted", 1);
        var job = jobs.queue("default").enqueue(Sums::hold, "deleted");
        var run = Background.run(
                Worker.on(redis.url()).functions(Sums.class).burst(true).build());
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        assertThat(job.delete()).isTrue();
        gate.open.countDown();
        run.get(30, SECONDS);
        assertThat(job.status()).isEqualTo(JobStatus.GONE);
        assertThat(raw.keys("rq:*" + job.id() + "*")).isEmpty();
    }

    @Test
    void failedJobIsRequeuedAsRqDoes() throws Exception {
        var job = jobs.queue("default").with(o -> o.id("f")).enqueue(Sums::boom, "no luck");
        burst();
        enqueue("other");
        job.requeue(true);
        assertThat(queued()).containsExactly("f", "other");
        var hash = raw.hgetall("rq:job:f");
        assertThat(hash)
                .containsEntry("status", "queued")
                .containsEntry("started_at", "")
                .containsEntry("ended_at", "");
        assertThat(raw.hstrlen("rq:job:f", "exc_info")).isEqualTo(8);
        assertThat(raw.exists("rq:failed:default")).isZero();
        assertThat(raw.ttl("rq:job:f")).isEqualTo(-1);
        assertThatThrownBy(job::requeue)
                .hasMessage("job f cannot be requeued: it is not among the failed or canceled or finished jobs of queue"
                        + " default");
        burst();
        assertThat(job.results()).hasSize(2);
    }

    @Test
    void requeueKeepsTheLifeTimeOfAJobThatMayNotWaitForEver() throws Exception {
        var job = jobs.queue("default").with(o -> o.ttl(Duration.ofMinutes(5))).enqueue(Sums::boom, "no luck");
        burst();
        job.requeue();
        assertThat(raw.ttl("rq:job:" + job.id())).isBetween(290L, 300L);
    }

    @Test
    void cancelledJobCanBeRequeued() throws Exception {
        var job = enqueue("c");
        job.cancel(Dependents.KEEP);
        job.requeue();
        assertThat(queued()).containsExactly("c");
        burst();
        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
    }

    /** As RQ 3.0 leaves a limit of one: the first job has the slot, the second waits for it. */
    private Job<?> limited() {
        var first = enqueue("first");
        enqueue("second");
        raw.lrem("rq:queue:default", 1, "second");
        for (var id : List.of("first", "second")) {
            raw.hset("rq:job:" + id, Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1"));
        }
        raw.hset("rq:job:second", "status", "rate_limited");
        raw.sadd("rq:rl-keys", "api");
        raw.hset("rq:rl:api", "concurrency", "1");
        raw.zadd("rq:rl:api:allowed", 1, "first");
        raw.zadd("rq:rl:api:rate_limited", 2, "second");
        return first;
    }

    @Test
    void cancelledJobPassesTheSlotOfItsRateLimitOn() {
        limited().cancel(Dependents.KEEP);
        assertThat(queued()).containsExactly("second");
        assertThat(raw.hget("rq:job:second", "status")).isEqualTo("queued");
        assertThat(raw.zrange("rq:rl:api:allowed", 0, -1)).containsExactly("second");
    }

    @Test
    void deletedJobPassesTheSlotOfItsRateLimitOn() {
        assertThat(limited().delete()).isTrue();
        assertThat(queued()).containsExactly("second");
        assertThat(raw.zrange("rq:rl:api:allowed", 0, -1)).containsExactly("second");
    }

    @Test
    void jobThatWaitsForASlotCanBeCancelledAndRequeued() {
        limited();
        var second = jobs.job("second").orElseThrow();
        second.cancel(Dependents.KEEP);
        assertThat(raw.exists("rq:rl:api:rate_limited")).isZero();
        second.requeue();
        assertThat(queued()).containsExactly("first"); // the slot is taken, so it waits again
        assertThat(raw.zrange("rq:rl:api:rate_limited", 0, -1)).containsExactly("second");
    }
}
