package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Workers as others see and command them. */
class WorkersTest extends OnRedis {
    private void register(String name, Map<String, String> hash, String... queues) {
        raw.sadd("rq:workers", "rq:worker:" + name);
        for (var queue : queues) {
            raw.sadd("rq:workers:" + queue, "rq:worker:" + name);
        }
        if (!hash.isEmpty()) {
            raw.hset("rq:worker:" + name, hash);
        }
    }

    @Test
    void everythingThatAWorkerSaysOfItselfIsRead() {
        register(
                "py1",
                Map.ofEntries(
                        Map.entry("birth", "2026-11-22T15:25:59.241583Z"),
                        Map.entry("last_heartbeat", "2026-11-22T15:26:59.000001Z"),
                        Map.entry("shutdown_requested_date", "2026-11-22T15:27:00Z"),
                        Map.entry("queues", "high,default"),
                        Map.entry("pid", "123"),
                        Map.entry("hostname", "vm"),
                        Map.entry("ip_address", "10.0.0.5:4711"),
                        Map.entry("version", "2.12.0"),
                        Map.entry("python_version", "3.11.7 (main)"),
                        Map.entry("state", "busy"),
                        Map.entry("successful_job_count", "7"),
                        Map.entry("failed_job_count", "2"),
                        Map.entry("total_working_time", "1.5"),
                        Map.entry("current_job", "j1")),
                "high",
                "default");
        var worker = jobs.worker("py1").orElseThrow();
        assertThat(jobs.workers()).containsExactly(worker);
        assertThat(worker.queues()).containsExactly("high", "default");
        assertThat(worker.pid()).hasValue(123);
        assertThat(worker.hostname()).contains("vm");
        assertThat(worker.ipAddress()).contains("10.0.0.5:4711");
        assertThat(worker.version()).contains("2.12.0");
        assertThat(worker.runtime()).contains("3.11.7 (main)");
        assertThat(worker.isBusy()).isTrue();
        assertThat(worker.birth()).contains(Instant.parse("2026-11-22T15:25:59.241583Z"));
        assertThat(worker.shutdownRequested()).contains(Instant.parse("2026-11-22T15:27:00Z"));
        assertThat(worker.death()).isEmpty();
        assertThat(worker.successfulJobs()).isEqualTo(7);
        assertThat(worker.failedJobs()).isEqualTo(2);
        assertThat(worker.workingTime()).isEqualTo(Duration.ofMillis(1500));
        assertThat(worker.currentJob()).contains("j1");
        assertThat(worker.problems()).isEmpty();
    }

    @Test
    void onlyWorkersOfTheQueueAreListedAndVanishedOnesDisappear() {
        register("a", Map.of("queues", "high"), "high");
        register("b", Map.of("queues", "low"), "low");
        register("crashed", Map.of(), "high");
        assertThat(jobs.workers("high")).extracting(WorkerInfo::name).containsExactly("a");
        assertThat(raw.smembers("rq:workers:high")).containsExactly("rq:worker:a");
        assertThat(jobs.workers()).extracting(WorkerInfo::name).containsExactly("a", "b");
        assertThat(raw.smembers("rq:workers")).containsExactlyInAnyOrder("rq:worker:a", "rq:worker:b");
        assertThat(jobs.worker("crashed")).isEmpty();
    }

    @Test
    void entriesThatNoRqProgramCouldReadAreListedWithTheirProblems() {
        register(
                "bad",
                Map.of("pid", "many", "birth", "long ago", "successful_job_count", "1.0", "total_working_time", "x"));
        register("good", Map.of("pid", "1", "total_working_time", "1e-3"));
        raw.sadd("rq:workers", "stranger");
        register("text", Map.of());
        raw.set("rq:worker:text", "no hash");
        var workers = jobs.workers();
        assertThat(workers).extracting(WorkerInfo::name).containsExactly("bad", "good", "stranger", "text");
        assertThat(workers.get(0).problems())
                .hasSize(4)
                .anyMatch(line -> line.equals("pid must be a whole number, was 'many'"));
        assertThat(workers.get(0).pid()).isEmpty();
        assertThat(workers.get(1).problems()).isEmpty();
        assertThat(workers.get(2).problems()).containsExactly("stranger in rq:workers: is not the key of a worker");
        assertThat(workers.get(3).problems().getFirst()).contains("rq:worker:text in rq:workers: WRONGTYPE");
    }

    @Test
    void executionsThatHaveEndedAreDroppedWhileListing() {
        register("w", Map.of("state", "busy"));
        raw.sadd("rq:worker:w:executions", "j:live", "k:stale");
        raw.hset("rq:execution:j:live", "id", "live");
        var worker = jobs.workers().getFirst();
        assertThat(worker.executions()).containsExactly("j:live");
        assertThat(worker.currentJob()).contains("j");
        assertThat(raw.smembers("rq:worker:w:executions")).containsExactly("j:live");
    }

    @Test
    void liveJavaWorkerIsListedAndIsGoneAfterItsEnd() throws Exception {
        var gate = Sums.gate("listed", 1);
        jobs.queue("default").enqueue(Sums::hold, "listed");
        var run = Background.run(Worker.on(redis.url())
                .functions(Sums.class)
                .name("java1")
                .burst(true)
                .build());
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        assertThat(jobs.queue("default").workers()).singleElement().satisfies(worker -> {
            assertThat(worker.name()).isEqualTo("java1");
            assertThat(worker.state()).isEqualTo("busy");
            assertThat(worker.pid()).hasValue(ProcessHandle.current().pid());
            assertThat(worker.problems()).isEmpty();
        });
        gate.open.countDown();
        run.get(30, SECONDS);
        assertThat(jobs.workers()).isEmpty();
        assertThat(jobs.worker("java1").orElseThrow().death()).isPresent();
    }

    @Test
    void commandsAreRqsMessages() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        assertThat(jobs.shutdownWorker("py1")).isFalse();
        try (var listener = client.connectPubSub()) {
            listener.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    heard.add(channel + " " + message);
                }
            });
            listener.sync().subscribe("rq:pubsub:py1");
            assertThat(jobs.shutdownWorker("py1")).isTrue();
            assertThat(jobs.killHorse("py1")).isTrue();
            assertThat(List.of(heard.take(), heard.take()))
                    .containsExactly(
                            "rq:pubsub:py1 {\"command\": \"shutdown\"}", "rq:pubsub:py1 {\"command\": \"kill-horse\"}");
        }
    }

    @Test
    void suspensionEndsByHandOrByTime() throws Exception {
        jobs.suspend();
        assertThat(raw.get("rq:suspended")).isEqualTo("1");
        assertThat(raw.ttl("rq:suspended")).isEqualTo(-1);
        jobs.queue("default").enqueue(Sums::noop);
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(jobs.queue("default").size()).isEqualTo(1);
        assertThat(jobs.isSuspended()).isTrue();
        assertThat(jobs.resume()).isTrue();
        assertThat(jobs.resume()).isFalse();
        assertThat(jobs.isSuspended()).isFalse();
        jobs.suspend(Duration.ofSeconds(30));
        assertThat(raw.ttl("rq:suspended")).isBetween(1L, 30L);
        assertThatThrownBy(() -> jobs.suspend(Duration.ofSeconds(-1)))
                .hasMessage("a pause must be longer than zero, was PT-1S");
    }

    @Test
    void schedulersAreFoundByTheLocksTheyHold() {
        raw.sadd("rq:queues", "rq:queue:high", "rq:queue:low", "rq:queue:old");
        raw.set("rq:scheduler-lock:high", "s1");
        raw.set("rq:scheduler-lock:low", "s1");
        raw.set("rq:scheduler-lock:old", "4711"); // as before RQ 2.10
        raw.hset(
                "rq:scheduler:s1",
                Map.of(
                        "name", "s1",
                        "hostname", "vm",
                        "pid", "99",
                        "queues", "high,low,other",
                        "created_at", "2026-11-22T15:25:59.241583Z",
                        "last_heartbeat", "soon"));
        var schedulers = jobs.schedulers();
        assertThat(schedulers).extracting(SchedulerInfo::name).containsExactly("4711", "s1");
        assertThat(schedulers.get(1).locks()).containsExactly("high", "low");
        assertThat(schedulers.get(1).queues()).containsExactly("high", "low", "other");
        assertThat(schedulers.get(1).pid()).hasValue(99);
        assertThat(schedulers.get(1).problems()).singleElement().asString().startsWith("last_heartbeat must be");
    }

    @Test
    void cronSchedulersAreListedWithTheirJobsWhateverTheirEntriesHold() {
        double now = Instant.now().getEpochSecond();
        raw.zadd("rq:cron_schedulers", now - 500, "silent");
        raw.zadd("rq:cron_schedulers", now - 2, "partial");
        raw.zadd("rq:cron_schedulers", now - 1, "host:1:abcdef");
        raw.hset("rq:cron_scheduler:partial", Map.of("cron_jobs", "[broken", "pid", "x"));
        raw.hset(
                "rq:cron_scheduler:host:1:abcdef",
                Map.of(
                        "hostname", "host",
                        "pid", "1",
                        "config_file", "cron.py",
                        "created_at", "2026-11-22T15:25:59.241583Z",
                        "cron_jobs", """
                                [{"func_name": "tasks.noop", "queue_name": "default", "interval": 30, "cron": null,
                                  "next_enqueue_time": "2026-11-22T15:26:29.000000Z"},
                                 {"func_name": "tasks.add", "name": "sum", "queue_name": "low", "cron": "0 * * * *"}]"""));
        var schedulers = jobs.cronSchedulers();
        assertThat(schedulers).extracting(CronSchedulerInfo::name).containsExactly("partial", "host:1:abcdef");
        assertThat(schedulers.get(0).problems()).hasSize(2);
        assertThat(schedulers.get(0).jobs()).isEmpty();
        var live = schedulers.get(1);
        assertThat(live.configFile()).contains("cron.py");
        assertThat(live.problems()).isEmpty();
        assertThat(live.jobs()).extracting(CronSchedulerInfo.Entry::name).containsExactly("tasks.noop", "sum");
        assertThat(live.jobs().get(0).interval()).contains(Duration.ofSeconds(30));
        assertThat(live.jobs().get(0).next()).contains(Instant.parse("2026-11-22T15:26:29Z"));
        assertThat(live.jobs().get(1).cron()).contains("0 * * * *");
    }

    @Test
    void workerThatMayNotAskForItsAddressWorksAllTheSame() throws Exception {
        raw.aclSetuser(
                "strict",
                AclSetuserArgs.Builder.on()
                        .addPassword("secret")
                        .allKeys()
                        .allChannels()
                        .allCommands()
                        .removeCommand(CommandType.CLIENT));
        var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
        Worker.on("redis://strict:secret@127.0.0.1:" + redis.port())
                .name("strict-1")
                .functions(Sums.class)
                .burst(true)
                .build()
                .run();
        assertThat(job.await()).isEqualTo(3);
        assertThat(jobs.worker("strict-1").orElseThrow().ipAddress()).contains("unknown");
    }
}
