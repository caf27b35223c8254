package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker that is asked to end loses nothing, however little time it is given. */
class ShutdownTest extends OnRedis {
    private JobQueue queue;

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default");
    }

    private static Worker.Builder worker() {
        return Worker.on(redis.url()).functions(Sums.class, Deeds.class).interruptGrace(Duration.ofMillis(200));
    }

    /** Runs until the job has been started. */
    private static CompletableFuture<WorkerTally> begin(Worker worker, Job<?> job) {
        var run = Background.run(worker);
        while (job.status() != JobStatus.STARTED) {
            Background.breathe();
        }
        return run;
    }

    private void assertBackInFront(String id) {
        assertThat(raw.lindex("rq:queue:default", 0)).isEqualTo(id);
        assertThat(raw.hget("rq:job:" + id, "status")).isEqualTo("queued");
        assertThat(raw.hget("rq:job:" + id, "started_at")).isEmpty();
        assertThat(raw.zcard("rq:wip:default")).isZero();
        assertThat(raw.exists("rq:executions:" + id, "rq:results:" + id)).isZero();
        assertThat(raw.keys("rq:execution:*")).isEmpty();
        assertThat(raw.smembers("rq:workers")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void jobThatNeedsLongerThanTheGracePeriodGoesBackToTheFront(Isolation isolation) throws Exception {
        var job = queue.enqueue(Sums::sleep, 60.0);
        queue.enqueue(Sums::add, 1, 2);
        var worker = worker().isolation(isolation).gracePeriod(Duration.ZERO).build();
        var run = begin(worker, job);
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(0, 0, 0, 1, 0));
        assertBackInFront(job.id());
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void jobsGoBackBeforeThoseThatHaveNotBegun() throws Exception {
        var first = queue.enqueue(Sums::sleep, 60.0);
        var second = queue.enqueue(Sums::sleep, 60.0);
        queue.enqueue(Sums::add, 1, 2);
        var worker = worker().concurrency(2).build();
        var run = begin(worker, second);
        worker.stopNow();
        run.get(30, SECONDS);
        assertThat(raw.lrange("rq:queue:default", 0, 1)).containsExactly(first.id(), second.id());
    }

    @Test
    void jobsGoBackInTheOrderInWhichTheyWereTakenWhicheverIsBrokenOffFirst() throws Exception {
        Deeds.LATCHES.put("deaf among others", new CountDownLatch(1));
        var taken = new ArrayList<Job<String>>();
        for (int i = 0; i < 6; i++) {
            // every other one is given up only after the interrupt grace
            taken.add(i % 2 == 0 ? queue.enqueue(Deeds::deaf, "deaf among others") : queue.enqueue(Sums::sleep, 60.0));
        }
        var later = queue.enqueue(Sums::add, 1, 2);
        var worker = worker().concurrency(6).build();
        var run = begin(worker, taken.getLast());
        worker.stopNow();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(0, 0, 0, 6, 0));
        taken.add(jobs.job(later.id(), String.class).orElseThrow());
        assertThat(queue.ids()).isEqualTo(taken.stream().map(Job::id).toList());
    }

    @Test
    void deafJobGoesBackToo() throws Exception {
        Deeds.LATCHES.put("deaf shutdown", new CountDownLatch(1));
        var job = queue.enqueue(Deeds::deaf, "deaf shutdown");
        var worker = worker().build();
        var run = begin(worker, job);
        worker.stopNow();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(0, 0, 0, 1, 0));
        assertBackInFront(job.id());
    }

    @Test
    void jobThatEndsWithinTheGracePeriodIsFinished() throws Exception {
        var gate = Sums.gate("grace", 1);
        var job = queue.enqueue(Sums::hold, "grace");
        var worker = worker().gracePeriod(Duration.ofMinutes(1)).build();
        var run = begin(worker, job);
        worker.stop();
        gate.open.countDown();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
    }

    @Test
    void secondSignalCountsOnlyIfItIsNoEcho() throws Exception {
        var gate = Sums.gate("echo", 1);
        var job = queue.enqueue(Sums::hold, "echo");
        var worker = worker().build();
        var run = begin(worker, job);
        worker.signal();
        worker.signal();
        gate.open.countDown();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
    }

    @Test
    void interruptedWorkerGivesItsJobsBack() throws Exception {
        var job = queue.enqueue(Sums::sleep, 60.0);
        var worker = worker().build();
        var ended = new CompletableFuture<Object>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                ended.complete(worker.run());
            } catch (InterruptedException e) {
                ended.completeExceptionally(e);
            }
        });
        while (job.status() != JobStatus.STARTED) {
            Background.breathe();
        }
        thread.interrupt();
        assertThatThrownBy(() -> ended.get(30, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertBackInFront(job.id());
    }

    @Test
    void jobsWithATimeToLiveHaveItAgain() throws Exception {
        var job = queue.with(o -> o.ttl(Duration.ofHours(1))).enqueue(Sums::sleep, 60.0);
        var worker = worker().build();
        var run = begin(worker, job);
        assertThat(raw.ttl("rq:job:" + job.id())).isEqualTo(-1);
        worker.stopNow();
        run.get(30, SECONDS);
        assertThat(raw.ttl("rq:job:" + job.id())).isPositive();
    }

    @Test
    void maxJobsEndsTheWorkerAndLeavesTheRest() throws Exception {
        for (int i = 0; i < 5; i++) {
            queue.enqueue(Sums::add, i, i);
        }
        assertThat(worker().concurrency(10).maxJobs(3).build().run()).isEqualTo(new WorkerTally(3, 0));
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void maxIdleTimeEndsAWorkerWithoutWork() throws Exception {
        queue.enqueue(Sums::add, 1, 2);
        assertThat(worker().maxIdleTime(Duration.ofMillis(100)).build().run()).isEqualTo(new WorkerTally(1, 0));
    }

    @Test
    void idleTimeDoesNotRunWhileAJobDoes() throws Exception {
        var gate = Sums.gate("idle", 1);
        var job = queue.enqueue(Sums::hold, "idle");
        var run =
                begin(worker().concurrency(2).maxIdleTime(Duration.ofMillis(50)).build(), job);
        for (int i = 0; i < 3; i++) {
            queue.enqueue(Sums::add, 1, 2).await(); // the second slot has been idle in between
        }
        gate.open.countDown();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(4, 0));
    }
}
