package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that wait for other jobs, as they are enqueued; layouts are those of rq 2.12.0 (recorded). */
class DependencyTest extends OnRedis {
    private JobQueue queue;

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default");
        Sums.TRACE.clear();
    }

    private static void burst() throws InterruptedException {
        Worker.on(redis.url())
                .queues("default", "low")
                .functions(Sums.class)
                .burst(true)
                .build()
                .run();
    }

    private Job<Void> trace(String id, String... parents) {
        return queue.with(o -> o.id(id).after(parents)).enqueue("tasks.trace", Void.class, id);
    }

    @Test
    void childOfUnfinishedJobsIsDeferredInOneStep() {
        trace("A");
        trace("B");
        queue.with(o -> o.id("C").after("A", "B")).enqueue(Sums::add, 5, 6);
        queue.with(o -> o.id("D").after("A").allowFailure(true).atFront(true)).enqueue(Sums::add, 7, 8);
        assertThat(RedisDump.of(redis.url())
                        .lines()
                        .filter(line -> !line.startsWith("rq:job:A h") && !line.startsWith("rq:job:B h")))
                .containsExactly(
                        "rq:deferred:default zset [C in 0, D in 0]",
                        "rq:job::C:dependencies set [A, B]",
                        "rq:job::D:dependencies set [A]",
                        "rq:job:A:dependents set [C, D]",
                        "rq:job:B:dependents set [C]",
                        "rq:job:C hash {created_at=ISO, data=zlib [\"tasks.add\", null, [5, 6], {}], dependency_id=A,"
                                + " dependency_ids=[\"A\", \"B\"], description=tasks.add(5, 6), ended_at=,"
                                + " failure_callback_name=, group_id=, last_heartbeat=, origin=default, started_at=,"
                                + " status=deferred, stopped_callback_name=, success_callback_name=, timeout=180,"
                                + " worker_name=, x_plain=0}",
                        "rq:job:D hash {allow_dependency_failures=1, created_at=ISO,"
                                + " data=zlib [\"tasks.add\", null, [7, 8], {}], dependency_id=A,"
                                + " dependency_ids=[\"A\"], description=tasks.add(7, 8), ended_at=, enqueue_at_front=1,"
                                + " failure_callback_name=, group_id=, last_heartbeat=, origin=default, started_at=,"
                                + " status=deferred, stopped_callback_name=, success_callback_name=, timeout=180,"
                                + " worker_name=, x_plain=0}",
                        "rq:queue:default list [A, B]",
                        "rq:queues set [rq:queue:default]");
    }

    @Test
    void childrenRunAfterTheirParentsOnWhateverQueue() throws Exception {
        var low = jobs.queue("low").with(o -> o.id("A")).enqueue("tasks.trace", Void.class, "A");
        queue.with(o -> o.id("C").after(low)).enqueue("tasks.trace", Void.class, "C");
        trace("B");
        trace("D", "C", "B");
        burst();
        assertThat(Sums.TRACE).containsExactly("B", "A", "C", "D");
    }

    @ParameterizedTest
    @CsvSource({
        "finished,false,QUEUED",
        "finished,true,QUEUED",
        "failed,false,DEFERRED",
        "failed,true,QUEUED",
        "stopped,true,DEFERRED",
        "canceled,true,DEFERRED",
        "queued,true,DEFERRED",
        "scheduled,false,DEFERRED",
        "deferred,false,DEFERRED",
        "'',false,DEFERRED"
    })
    void whetherAChildWaitsDependsOnTheStateOfItsParent(String parent, boolean allowFailure, JobStatus child) {
        trace("P");
        jobs.redis().await(jobs.redis().commands().hset("rq:job:P", "status", parent.getBytes()));
        var job = queue.with(o -> o.after("P").allowFailure(allowFailure)).enqueue(Sums::noop);
        assertThat(job.status()).isEqualTo(child);
    }

    @Test
    void parentThatDoesNotExistIsNotWaitedFor() {
        assertThat(trace("C", "nobody").status()).isEqualTo(JobStatus.QUEUED);
        assertThat(RedisDump.of(redis.url())).doesNotContain(":dependencies", ":dependents", "rq:deferred");
    }

    @Test
    void queueThatHoldsDeferredJobsOnlyIsRegistered() {
        trace("A");
        jobs.queue("low").with(o -> o.after("A")).enqueue(Sums::noop);
        assertThat(RedisDump.of(redis.url())).contains("rq:queues set [rq:queue:default, rq:queue:low]");
    }

    @Test
    void parentsOfTheSameCallAreWaitedForInWhateverOrderTheyAreGiven() throws Exception {
        queue.enqueueMany(List.of(
                JobRequest.of(Sums::trace, "C").with(o -> o.id("C").after("B")),
                JobRequest.of(Sums::trace, "B").with(o -> o.id("B").after("A")),
                JobRequest.of(Sums::trace, "A").with(o -> o.id("A")),
                JobRequest.of(Sums::trace, "X")));
        assertThat(RedisDump.of(redis.url())).contains("rq:deferred:default zset [B in 0, C in 0]");
        burst();
        assertThat(Sums.TRACE).containsExactly("A", "X", "B", "C");
    }

    @Test
    void aJobThatWaitsCanBeQueuedByHandAndThenRunsOnce() throws Exception {
        var scheduled = queue.in(Duration.ofHours(1)).enqueue(Sums::trace, "scheduled");
        trace("A");
        var child = trace("C", "A");
        child.enqueueNow();
        scheduled.enqueueNow();
        assertThat(child.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(RedisDump.of(redis.url())).doesNotContain("rq:deferred", "rq:scheduled", "exc_info");
        assertThatThrownBy(child::enqueueNow).isInstanceOf(IllegalStateException.class);
        burst();
        assertThat(Sums.TRACE).containsExactly("A", "C", "scheduled");
    }

    @Test
    void jobsThatWouldWaitForEachOtherAreRefused() {
        assertThatThrownBy(() -> trace("A", "A"))
                .hasMessage("job A cannot wait for itself: take its id out of after(…)");
        assertThatThrownBy(() -> queue.enqueueMany(List.of(
                        JobRequest.of(Sums::noop).with(o -> o.id("A").after("B")),
                        JobRequest.of(Sums::noop).with(o -> o.id("B").after("A")))))
                .hasMessage("jobs A, B wait for each other in a circle");
        trace("A");
        trace("B", "A");
        trace("C", "B");
        assertThatThrownBy(() -> trace("A", "C"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("job A would wait for itself: one of C waits for it already");
    }

    @Test
    void childEnqueuedWhileItsParentEndsIsNeverForgotten() throws Exception {
        var worker = Worker.on(redis.url()).functions(Sums.class).concurrency(4).build();
        var run = Background.run(worker);
        var children = new ArrayList<Job<Integer>>();
        for (int i = 0; i < 100; i++) {
            var parent = queue.enqueue(Sums::noop);
            children.add(queue.with(o -> o.after(parent)).enqueue(Sums::add, i, 1));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(children.get(i).toCompletableFuture().get(30, SECONDS)).isEqualTo(i + 1);
        }
        worker.stop();
        run.get(30, SECONDS);
    }
}
