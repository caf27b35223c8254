package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What workers and programs have left behind, written into Redis by hand, and one worker that cleans up and ends. */
class QueueMaintainerTest extends OnRedis {
    private static final String CALL = "[\"tasks.add\", null, [1, 2], {}]";

    private final long now = Instant.now().getEpochSecond();

    /** Cleans up, and runs what then is there to run. */
    private WorkerTally clean() throws InterruptedException {
        return worker().build().run();
    }

    private Worker.Builder worker() {
        return Worker.on(redis.url()).functions(Sums.class).name("cleaner").burst(true);
    }

    private void job(String id, String status, Map<String, String> more) {
        raw.hset("rq:job:" + id, Map.of("data", CALL, "origin", "default", "status", status));
        if (!more.isEmpty()) {
            raw.hset("rq:job:" + id, more);
        }
    }

    /** An execution by a worker in Python whose time was over long ago. */
    private void abandoned(String id, Map<String, String> more) {
        job(id, "started", more);
        raw.zadd("rq:wip:default", 1000, id + ":e");
        raw.hset("rq:execution:" + id + ":e", Map.of("id", "e", "created_at", "1", "last_heartbeat", "1"));
        raw.zadd("rq:executions:" + id, 1000, "e");
    }

    private String traceback(String id) {
        try {
            return "returned " + jobs.job(id, Integer.class).orElseThrow().await();
        } catch (JobFailedException e) {
            return e.traceback();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void abandonedJobFailsByRqsRuleAndItsLenientChildIsRun() throws Exception {
        abandoned("lost", Map.of("failure_ttl", "1000", "worker_name", "python"));
        job("child", "deferred", Map.of("allow_dependency_failures", "1", "dependency_ids", "[\"lost\"]"));
        job("strict", "deferred", Map.of("dependency_ids", "[\"lost\"]"));
        raw.sadd("rq:job:lost:dependents", "child", "strict");
        raw.zadd("rq:deferred:default", now + 0.0, "child");
        raw.zadd("rq:deferred:default", now + 0.0, "strict");

        assertThat(clean()).isEqualTo(new WorkerTally(1, 0));

        assertThat(traceback("lost"))
                .matches("Moved to FailedJobRegistry, due to AbandonedJobError, at"
                        + " \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00");
        assertThat(raw.zscore("rq:failed:default", "lost")).isBetween(now + 990.0, now + 1100.0);
        assertThat(raw.ttl("rq:job:lost")).isBetween(900L, 1000L);
        assertThat(raw.ttl("rq:results:lost")).isBetween(900L, 1000L);
        assertThat(traceback("child")).isEqualTo("returned 3");
        assertThat(raw.zrange("rq:deferred:default", 0, -1)).containsExactly("strict");
        assertThat(raw.exists(
                        "rq:execution:lost:e", "rq:executions:lost", "rq:wip:default", "rq:clean_registries:default"))
                .isZero();
    }

    @Test
    void abandonedJobIsTriedAgainIfItHasRetries() throws Exception {
        abandoned("now", Map.of("retries_left", "1", "retry_intervals", "[0]"));
        abandoned("later", Map.of("retries_left", "2", "retry_intervals", "[60, 90]"));
        abandoned("never", Map.of("failure_ttl", "0", "retries_left", "0"));

        assertThat(clean()).isEqualTo(new WorkerTally(1, 0));

        assertThat(raw.hget("rq:job:now", "retries_left")).isEqualTo("0");
        assertThat(raw.hget("rq:job:later", "status")).isEqualTo("scheduled");
        assertThat(raw.zscore("rq:scheduled:default", "later")).isBetween(now + 59.0, now + 120.0);
        assertThat(raw.exists("rq:job:never", "rq:results:never", "rq:failed:default"))
                .isZero();
    }

    @Test
    void failureCallbackOfAnAbandonedJobIsCalledAndAFailingOneHoldsUpNobody() throws Exception {
        abandoned("told", Map.of("failure_callback_name", "hooks.abandoned"));
        abandoned("unknown", Map.of("failure_callback_name", "hooks.nobody_has"));
        abandoned(
                "again",
                Map.of("failure_callback_name", "hooks.abandoned", "retries_left", "1", "retry_intervals", "[60]"));
        TOLD.clear();

        worker().functions(Abandoned.class).build().run();

        assertThat(TOLD).containsExactlyInAnyOrder("told", "again");
        assertThat(raw.zrange("rq:failed:default", 0, -1)).containsExactlyInAnyOrder("told", "unknown");
    }

    private static final List<String> TOLD = new CopyOnWriteArrayList<>();

    /** A callback. */
    static final class Abandoned {
        private Abandoned() {}

        @SimulJob("hooks.abandoned")
        static void abandoned(CurrentJob job, AbandonedJobException error, String traceback) {
            if (traceback.startsWith("Moved to FailedJobRegistry")) {
                TOLD.add(job.id());
            }
        }
    }

    @Test
    void whatHasEndedOrHasTimeLeftIsNotTouched() throws Exception {
        abandoned("done", Map.of("status", "finished"));
        abandoned("running", Map.of());
        raw.zadd("rq:wip:default", now + 60.0, "running:e");
        abandoned("endless", Map.of());
        raw.zadd("rq:wip:default", Double.POSITIVE_INFINITY, "endless:e");

        assertThat(clean()).isEqualTo(new WorkerTally(0, 0));

        assertThat(raw.hget("rq:job:done", "status")).isEqualTo("finished");
        assertThat(raw.zrange("rq:wip:default", 0, -1)).containsExactly("running:e", "endless:e");
        assertThat(raw.exists("rq:failed:default")).isZero();
    }

    /** An execution by that worker, which has proved a moment ago that it lives. */
    private void running(String id, String status, String worker) {
        job(id, status, Map.of());
        raw.zadd("rq:wip:default", now + 90.0, id + ":e");
        raw.hset("rq:execution:" + id + ":e", Map.of("id", "e", "worker_name", worker));
        raw.zadd("rq:executions:" + id, now + 150.0, "e");
    }

    @Test
    void executionOfAJobThatHasEndedGoesWhenItsWorkerHasGoneOn() throws Exception {
        running("finished", "finished", "next");
        running("failed", "failed", "idle");
        running("stopped", "stopped", "ended");
        running("nameless", "finished", "");
        raw.hset("rq:job:nameless", "worker_name", "expired");
        running("deleted", "finished", "expired");
        raw.del("rq:job:deleted");
        raw.hset("rq:worker:next", Map.of("state", "busy", "current_job", "another"));
        raw.hset("rq:worker:idle", Map.of("state", "idle"));
        raw.hset("rq:worker:ended", Map.of("state", "busy", "current_job", "stopped", "death", "now"));

        clean();

        assertThat(raw.exists("rq:wip:default")).isZero();
        assertThat(raw.keys("rq:execution*")).isEmpty();
        assertThat(raw.exists("rq:job:deleted")).isZero();
    }

    @Test
    void executionOfAJobThatHasEndedStaysWhileItsWorkerMayBeAtIt() throws Exception {
        running("again", "finished", "busy"); // enqueued twice, and the other one was faster
        running("begins", "finished", "about");
        running("ours", "finished", "java");
        running("queued", "queued", "gone");
        running("started", "started", "gone");
        running("canceled", "canceled", "gone");
        raw.hset("rq:worker:busy", Map.of("state", "busy", "current_job", "again"));
        raw.hset("rq:worker:about", Map.of("state", "busy"));
        raw.zadd("simul:rq:workers:default", now * 1000.0 + 60_000, "java");

        clean();

        assertThat(raw.zcard("rq:wip:default")).isEqualTo(6);
        assertThat(raw.keys("rq:execution:*")).hasSize(6);
        assertThat(raw.keys("rq:executions:*")).hasSize(6);
    }

    @Test
    void aPythonWorkerThatStillBeatsKeepsItsExecution() throws Exception {
        abandoned("slow", Map.of("worker_name", "python"));
        var busy = Map.of(
                "state", "busy", "hostname", "elsewhere", "pid", "1", "current_job", "slow", "queues", "default");
        raw.hset("rq:worker:python", busy);
        clean();
        assertThat(raw.hget("rq:job:slow", "status")).isEqualTo("started");

        raw.hset("rq:worker:python", "current_job", "another");
        clean();
        assertThat(raw.hget("rq:job:slow", "status")).isEqualTo("failed");
    }

    @Test
    void aPythonWorkerOfThisHostThatHasNoProcessIsGoneWhateverItsHashSays() throws Exception {
        abandoned("killed", Map.of("worker_name", "python"));
        var dead = new ProcessBuilder("true").start();
        dead.waitFor();
        var host = java.net.InetAddress.getLocalHost().getHostName();
        raw.hset("rq:worker:python", Map.of("state", "busy", "hostname", host, "pid", "" + dead.pid()));

        clean();

        assertThat(raw.hget("rq:job:killed", "status")).isEqualTo("failed");
    }

    @Test
    void jobThatWasTakenButNeverBegunGoesBackToItsQueue() throws Exception {
        for (var id : new String[] {"fresh", "stuck", "bad-marker", "often", "begun", "ended"}) {
            job(id, "queued", Map.of());
            raw.rpush("rq:queue:default:intermediate", id);
        }
        var seen = "rq:queue:default:intermediate:first_seen:";
        for (var id : new String[] {"stuck", "often", "begun", "ended"}) {
            raw.set(seen + id, now - 100 + ".25");
        }
        raw.set(seen + "bad-marker", "soon");
        raw.hset("rq:job:often", "x_rescues", "3");
        raw.hset("rq:job:ended", "status", "finished");
        raw.zadd("rq:wip:default", now + 60.0, "begun:e");
        raw.rpush("rq:queue:default:intermediate", "ghost", "order.17");

        assertThat(clean()).isEqualTo(new WorkerTally(1, 0));

        assertThat(traceback("stuck")).isEqualTo("returned 3");
        assertThat(traceback("often")).isEqualTo("Job was stuck in intermediate queue.");
        assertThat(raw.lrange("rq:queue:default:intermediate", 0, -1))
                .containsExactlyInAnyOrder("fresh", "bad-marker", "begun");
        assertThat(Double.parseDouble(raw.get(seen + "fresh"))).isGreaterThan(now - 10.0);
        assertThat(Double.parseDouble(raw.get(seen + "bad-marker"))).isGreaterThan(now - 10.0);
        assertThat(raw.exists(seen + "stuck", seen + "often")).isZero();
        assertThat(raw.lrange("simul:rq:unreadable:default", 0, -1)).containsExactly("order.17");
    }

    @Test
    void withThePolicyFailAStuckJobFailsAsInRq() throws Exception {
        job("stuck", "queued", Map.of());
        raw.rpush("rq:queue:default:intermediate", "stuck");
        raw.set("rq:queue:default:intermediate:first_seen:stuck", "" + (now - 100));

        worker().rescue(RescuePolicy.FAIL).build().run();

        assertThat(traceback("stuck")).isEqualTo("Job was stuck in intermediate queue.");
        assertThat(raw.zscore("rq:failed:default", "stuck")).isGreaterThan(now + 1e7);
        assertThat(raw.exists("rq:queue:default:intermediate")).isZero();
    }

    @Test
    void expiredIdsLeaveTheirRegistriesAndKeptOnesStay() throws Exception {
        raw.zadd("rq:finished:default", 1000, "old");
        raw.zadd("rq:finished:default", now + 100.0, "new");
        raw.zadd("rq:finished:default", Double.POSITIVE_INFINITY, "for-ever");
        raw.zadd("rq:failed:default", 1000, "old");
        raw.zadd("rq:failed:default", -1, "for-ever");
        raw.zadd("rq:deferred:default", 1000, "waiting");
        raw.zadd("rq:canceled:default", 1000, "kept");

        clean();

        assertThat(raw.zrange("rq:finished:default", 0, -1)).containsExactly("new", "for-ever");
        assertThat(raw.zrange("rq:failed:default", 0, -1)).containsExactly("for-ever");
        assertThat(raw.exists("rq:deferred:default", "rq:canceled:default")).isEqualTo(2);
    }

    @Test
    void childThatRq3HasLeftReadyIsRun() throws Exception {
        job("ready", "ready_to_enqueue", Map.of());
        job("gone-on", "finished", Map.of());
        raw.zadd("rq:ready:default", now + 0.0, "ready");
        raw.zadd("rq:ready:default", now + 0.0, "gone-on");
        raw.zadd("rq:ready:default", now + 0.0, "ghost");

        assertThat(clean()).isEqualTo(new WorkerTally(1, 0));

        assertThat(traceback("ready")).isEqualTo("returned 3");
        assertThat(raw.exists("rq:ready:default")).isZero();
    }

    @Test
    void slotOfARateLimitThatNobodyUsesGoesToTheNextJob() throws Exception {
        raw.sadd("rq:rl-keys", "api", "unused");
        raw.hset("rq:rl:api", "concurrency", "1");
        raw.hset("rq:rl:unused", "concurrency", "1");
        raw.zadd("rq:rl:api:allowed", now + 0.0, "over");
        job("over", "finished", Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1"));
        raw.zadd("rq:rl:api:rate_limited", now + 0.0, "next");
        job("next", "rate_limited", Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1"));

        assertThat(clean()).isEqualTo(new WorkerTally(1, 0));

        assertThat(traceback("next")).isEqualTo("returned 3");
        assertThat(raw.smembers("rq:rl-keys")).containsExactly("api");
        assertThat(raw.exists("rq:rl:unused")).isZero();
    }

    @Test
    void workersAndGroupsThatAreGoneAreForgotten() throws Exception {
        raw.sadd("rq:workers", "rq:worker:gone", "no worker's key");
        raw.sadd("rq:workers:default", "rq:worker:gone", "rq:worker:here");
        raw.hset("rq:worker:here", "state", "idle");
        raw.sadd("rq:groups", "g", "empty");
        raw.sadd("rq:group:g", "member", "ghost");
        job("member", "finished", Map.of("group_id", "g"));

        clean();

        assertThat(raw.smembers("rq:workers:default")).containsExactly("rq:worker:here");
        assertThat(raw.smembers("rq:workers")).isEmpty();
        assertThat(raw.smembers("rq:groups")).containsExactly("g");
        assertThat(raw.smembers("rq:group:g")).containsExactly("member");
        assertThat(raw.ttl("rq:clean_groups")).isBetween(590L, 599L);
    }

    @Test
    void queueThatSomebodyElseCleansIsLeftToThem() throws Exception {
        abandoned("theirs", Map.of());
        raw.set("rq:clean_registries:default", "1");

        clean();

        assertThat(raw.hget("rq:job:theirs", "status")).isEqualTo("started");
        assertThat(raw.get("rq:clean_registries:default")).isEqualTo("1");
    }

    @Test
    void whateverStandsInTheRegistriesThePassGoesOn() throws Exception {
        raw.zadd("rq:wip:default", 1000, "a:b:c");
        raw.zadd("rq:wip:default", 1000, "order.17:e");
        raw.zadd("rq:wip:default", 1000, "bare");
        raw.set("rq:job:text", "a string");
        raw.zadd("rq:wip:default", 1000, "text:e");
        raw.set("rq:failed:default", "no registry");
        raw.set("rq:ready:default", "no registry");
        abandoned("unlucky", Map.of());
        raw.zadd("rq:finished:default", 1000, "old");
        job("stuck", "queued", Map.of());
        raw.rpush("rq:queue:default:intermediate", "stuck");
        raw.set("rq:queue:default:intermediate:first_seen:stuck", "1000");

        assertThat(clean()).isEqualTo(new WorkerTally(1, 0));

        assertThat(traceback("stuck")).isEqualTo("returned 3");
        assertThat(raw.lrange("simul:rq:unreadable:default", 0, -1)).containsExactlyInAnyOrder("a:b:c", "order.17:e");
        assertThat(raw.zscore("rq:finished:default", "old")).isNull();
        assertThat(raw.exists("rq:clean_registries:default")).isZero();
        assertThatThrownBy(
                        () -> jobs.job("unlucky", Integer.class).orElseThrow().await())
                .isInstanceOf(JobFailedException.class);
    }
}
