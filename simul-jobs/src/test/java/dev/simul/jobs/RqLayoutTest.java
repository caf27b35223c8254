package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every key that Simul leaves, beside what rq 2.12.0 left in the same situation (recorded). */
class RqLayoutTest extends OnRedis {
    private Worker worker() {
        return Worker.on(redis.url())
                .functions(Sums.class)
                .name("w1")
                .publishCurrentJob(true)
                .burst(true)
                .build();
    }

    /** The dump without what a machine determines; fields of our own are {@code x_java_running} and {@code x_plain}. */
    private String dump() {
        return RedisDump.of(redis.url()).replaceAll("(hostname|ip_address|pid|python_version|version)=[^,}]+", "$1=?");
    }

    @Test
    void enqueuedJob() {
        var queue = jobs.queue("default")
                .with(o -> o.id("job-json-1")
                        .description("Add two numbers")
                        .timeout(Duration.ofMinutes(2))
                        .resultTtl(Duration.ofMinutes(10))
                        .failureTtl(Duration.ofHours(1))
                        .ttl(Duration.ofMinutes(15))
                        .meta(Map.of("user", "ana")));
        queue.enqueue("tasks.add", Integer.class, 2, 3);
        assertThat(dump()).isEqualTo("""
                        rq:job:job-json-1 hash ttl=900 {created_at=ISO, data=zlib ["tasks.add", null, [2, 3], {}], \
                        description=Add two numbers, ended_at=, enqueued_at=ISO, failure_callback_name=, \
                        failure_ttl=3600, group_id=, last_heartbeat=, meta={"user": "ana"}, origin=default, \
                        result_ttl=600, started_at=, status=queued, stopped_callback_name=, success_callback_name=, \
                        timeout=120, ttl=900, worker_name=, x_plain=0}
                        rq:queue:default list [job-json-1]
                        rq:queues set [rq:queue:default]
                        """);
    }

    @Test
    void finishedJob() throws Exception {
        var queue = jobs.queue("default")
                .with(o -> o.id("job-json-1").resultTtl(Duration.ofMinutes(10)).ttl(Duration.ofMinutes(15)));
        queue.enqueue(Sums::add, 20, 30);
        worker().run();
        assertThat(dump()).isEqualTo("""
                        rq:finished:default zset [job-json-1 in 600]
                        rq:job:job-json-1 hash ttl=600 {created_at=ISO, data=zlib ["tasks.add", null, [20, 30], {}], \
                        description=tasks.add(20, 30), ended_at=ISO, enqueued_at=ISO, failure_callback_name=, \
                        group_id=, last_heartbeat=ISO, origin=default, result_ttl=600, started_at=ISO, \
                        status=finished, stopped_callback_name=, success_callback_name=, timeout=180, ttl=900, \
                        worker_name=w1, x_plain=0}
                        rq:queues set [rq:queue:default]
                        rq:results:job-json-1 stream ttl=600 [{execution_ended_at=UNIX, execution_id=E, \
                        execution_started_at=UNIX, return_value=NTA=, type=1, worker_name=w1}]
                        rq:worker:w1 hash ttl=60 {birth=ISO, current_job_working_time=0, death=ISO, hostname=?, \
                        ip_address=?, last_heartbeat=ISO, pid=?, python_version=?, queues=default, state=idle, \
                        successful_job_count=1, total_working_time=SECONDS, version=?, x_java_running=0}
                        """);
    }

    @Test
    void runningJob() throws Exception {
        var gate = Sums.gate("layout", 1);
        jobs.queue("default").with(o -> o.id("slow1")).enqueue(Sums::hold, "layout");
        var worker = worker();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        var dump = dump();
        gate.open.countDown();
        run.get(30, SECONDS);
        assertThat(dump).isEqualTo("""
                        rq:execution:slow1:E hash ttl=90 {created_at=UNIX, id=E, job_id=slow1, last_heartbeat=UNIX, \
                        worker_name=w1}
                        rq:executions:slow1 zset ttl=150 [E in 150]
                        rq:job:slow1 hash {created_at=ISO, data=zlib ["tasks.hold", null, ["layout"], {}], \
                        description=tasks.hold('layout'), ended_at=, enqueued_at=ISO, failure_callback_name=, \
                        group_id=, last_heartbeat=ISO, origin=default, started_at=ISO, status=started, \
                        stopped_callback_name=, success_callback_name=, timeout=180, worker_name=w1, \
                        x_plain=0}
                        rq:queues set [rq:queue:default]
                        rq:wip:default zset [slow1:E in 90]
                        rq:worker:w1 hash ttl=90 {birth=ISO, current_job=slow1, current_job_working_time=0, \
                        hostname=?, ip_address=?, last_heartbeat=ISO, pid=?, python_version=?, queues=default, \
                        state=busy, version=?, x_java_running=1}
                        rq:worker:w1:executions set ttl=90 [slow1:E]
                        rq:workers set [rq:worker:w1]
                        rq:workers:default set [rq:worker:w1]
                        """);
    }

    @Test
    void failedJob() throws Exception {
        jobs.queue("default").with(o -> o.id("fail1")).enqueue(Sums::boom, "no luck");
        worker().run();
        assertThat(dump().replaceAll("exc_string=[^,]+", "exc_string=?")).isEqualTo("""
                        rq:failed:default zset [fail1 in 31536000]
                        rq:job:fail1 hash ttl=31536000 {created_at=ISO, data=zlib ["tasks.boom", null, ["no luck"], {}], \
                        description=tasks.boom('no luck'), ended_at=ISO, enqueued_at=ISO, failure_callback_name=, \
                        group_id=, last_heartbeat=ISO, origin=default, started_at=ISO, status=failed, \
                        stopped_callback_name=, success_callback_name=, timeout=180, worker_name=w1, \
                        x_plain=0}
                        rq:queues set [rq:queue:default]
                        rq:results:fail1 stream ttl=31536000 [{exc_string=?, execution_ended_at=UNIX, execution_id=E, \
                        execution_started_at=UNIX, type=2, worker_name=w1}]
                        rq:worker:w1 hash ttl=60 {birth=ISO, current_job_working_time=0, death=ISO, failed_job_count=1, \
                        hostname=?, ip_address=?, last_heartbeat=ISO, pid=?, python_version=?, queues=default, \
                        state=idle, total_working_time=SECONDS, version=?, x_java_running=0}
                        """);
    }

    @Test
    void discardedJobLeavesNothing() throws Exception {
        jobs.queue("default").with(o -> o.resultTtl(Duration.ZERO)).enqueue(Sums::add, 1, 2);
        jobs.queue("default").with(o -> o.failureTtl(Duration.ZERO)).enqueue(Sums::boom, "no luck");
        worker().run();
        assertThat(dump().lines().map(line -> line.substring(0, line.indexOf(' '))))
                .containsExactly("rq:queues", "rq:worker:w1");
    }

    @Test
    void jobKeptForEverHasNoTtl() throws Exception {
        jobs.queue("default")
                .with(o -> o.id("kept").resultTtl(JobOptions.FOREVER))
                .enqueue(Sums::add, 1, 2);
        jobs.queue("default")
                .with(o -> o.id("lost").failureTtl(JobOptions.FOREVER))
                .enqueue(Sums::boom, "no luck");
        worker().run();
        assertThat(dump())
                .contains(
                        "rq:finished:default zset [kept at Infinity]", "rq:job:kept hash {", "rq:results:kept stream [")
                .contains("rq:failed:default zset [lost at -1.0]", "rq:job:lost hash {", "rq:results:lost stream [");
    }

    @Test
    void cancelledJobStandsInTheCanceledRegistry() {
        var job = jobs.queue("default").with(o -> o.id("back")).enqueue(Sums::add, 1, 2);
        assertThat(job.cancel()).isTrue();
        assertThat(job.cancel()).isFalse();
        assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(dump()).contains("rq:canceled:default zset [back in 0]").doesNotContain("rq:queue:default list");
    }
}
