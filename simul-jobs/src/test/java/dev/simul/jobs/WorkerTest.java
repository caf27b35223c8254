package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WorkerTest extends OnRedis {
    private static Worker.Builder worker() {
        return Worker.on(redis.url()).functions(Sums.class);
    }

    private static WorkerTally burst() throws InterruptedException {
        return worker().burst(true).build().run();
    }

    @Test
    void resultComesBackAsTheFunctionsType() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
        var tally = burst();
        int sum = job.await();
        assertThat(sum).isEqualTo(5);
        assertThat(tally).isEqualTo(new WorkerTally(1, 0));
        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
    }

    @Test
    void callByNameReachesTheAnnotatedMethod() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.total", Long.class, List.of(1, 2, 3));
        burst();
        assertThat(job.await()).isEqualTo(6);
    }

    @Test
    void jobWithoutResultIsAwaitedToo() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::note, "text");
        burst();
        assertThat(job.await()).isNull();
    }

    @Test
    void failureArrivesWithTheWorkersStackTrace() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::boom, "no luck");
        assertThat(burst()).isEqualTo(new WorkerTally(0, 1));
        assertThatThrownBy(job::await).isInstanceOfSatisfying(JobFailedException.class, e -> {
            assertThat(e).hasMessage("job " + job.id() + " failed: java.lang.IllegalStateException: no luck");
            assertThat(e.traceback()).contains("at dev.simul.jobs.Sums.boom(Sums.java:");
        });
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void lifeTimesThatTheWorkerGivesAreRoundedUpAsThoseOfTheJob() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
        Worker.on(redis.url())
                .functions(Sums.class)
                .resultTtl(Duration.ofMillis(1000_001))
                .burst(true)
                .build()
                .run();
        var ended = job.info().orElseThrow().endedAt().orElseThrow();
        var gone = jobs.queue("default")
                .registry(JobRegistry.Kind.FINISHED)
                .expiresAt(job.id())
                .orElseThrow();
        assertThat(gone.getEpochSecond() - ended.getEpochSecond()).isGreaterThanOrEqualTo(1001);
    }

    @Test
    void functionThatIsNotOfferedFailsTheJobWithTheWayOut() throws Exception {
        var job = jobs.queue("default").enqueue("os.system", String.class, "rm -rf /");
        burst();
        assertThatThrownBy(job::await)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("asks for os.system, which this worker does not offer (it offers tasks.add, ")
                .hasMessageEndingWith("annotate it with @SimulJob(\"os.system\") and give its class to the worker");
    }

    @Test
    void wrongArgumentsFailTheJobWithoutACall() throws Exception {
        var queue = jobs.queue("default");
        var tooFew = queue.enqueue("tasks.add", Integer.class, 1);
        var tooMany = queue.enqueue("tasks.add", Integer.class, 1, 2, 3);
        var notANumber = queue.enqueue("tasks.add", Integer.class, 1, "two");
        burst();
        assertThatThrownBy(tooFew::await).hasMessageContaining("tasks.add(int a, int b) was called without b");
        assertThatThrownBy(tooMany::await).hasMessageContaining("tasks.add(int a, int b) was called with 3 arguments");
        assertThatThrownBy(notANumber::await).hasMessageContaining("was called with \"two\" for b");
    }

    @Test
    void valueThatJsonCannotExpressStillCountsAsSuccess() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.strange", String.class);
        burst();
        assertThat(job.await()).isEqualTo("Unserializable return value");
    }

    @Test
    void jobThatTakesTooLongIsInterruptedAndFails() throws Exception {
        var job = jobs.queue("default")
                .with(o -> o.timeout(Duration.ofSeconds(1)))
                .enqueue(Sums::sleep, 60.0);
        burst();
        assertThatThrownBy(job::await)
                .hasMessageContaining("TimeoutException: Task exceeded maximum timeout value (1 seconds)");
    }

    @Test
    void asManyJobsRunAtOnceAsConcurrencySays() throws Exception {
        var gate = Sums.gate("three", 3);
        var held = new ArrayList<Job<String>>();
        for (int i = 0; i < 4; i++) {
            held.add(jobs.queue("default").enqueue(Sums::hold, "three"));
        }
        var worker = worker().concurrency(3).burst(true).build();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        assertThat(jobs.queue("default").size()).isEqualTo(1);
        assertThat(held.stream().filter(job -> job.status() == JobStatus.STARTED))
                .hasSize(3);
        gate.open.countDown();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(4, 0));
    }

    @Test
    void firstQueueIsServedFirst() throws Exception {
        jobs.queue("low").enqueue(Sums::trace, "low 1");
        jobs.queue("high").enqueue(Sums::trace, "high 1");
        jobs.queue("high").enqueue(Sums::trace, "high 2");
        jobs.queue("high").with(o -> o.atFront(true)).enqueue(Sums::trace, "urgent");
        Sums.TRACE.clear();
        worker().queues("high", "low").burst(true).build().run();
        assertThat(Sums.TRACE).containsExactly("urgent", "high 1", "high 2", "low 1");
    }

    @Test
    void idleWorkerPicksUpWhatComes() throws Exception {
        var worker = worker().queues("a", "b").build();
        var run = Background.run(worker);
        assertThat(jobs.queue("b").enqueue(Sums::add, 1, 2).await()).isEqualTo(3);
        assertThat(jobs.queue("a").enqueue(Sums::add, 3, 4).await()).isEqualTo(7);
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(2, 0));
    }

    /** A bell that rings just when the worker goes to rest must not be missed: it would rest for minutes. */
    @Test
    void jobThatComesWhenTheWorkerGoesToRestIsPickedUp() throws Exception {
        var random = new Random(1);
        for (int round = 0; round < 5; round++) {
            var worker = worker().queues("rest").concurrency(2).build();
            var run = Background.run(worker);
            var sums = new ArrayList<Job<Integer>>();
            for (int i = 0; i < 400; i++) {
                sums.add(jobs.queue("rest").enqueue(Sums::add, i, round));
                LockSupport.parkNanos(random.nextInt(1_000_000));
            }
            var last = sums.getLast();
            assertThat(Background.call(last::await).get(30, SECONDS)).isEqualTo(399 + round);
            worker.stop();
            assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(400, 0));
        }
    }

    @Test
    void stoppedWorkerFinishesWhatItHasAndTakesNoMore() throws Exception {
        var gate = Sums.gate("stop", 1);
        var held = jobs.queue("default").enqueue(Sums::hold, "stop");
        var worker = worker().build();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        var later = jobs.queue("default").enqueue(Sums::add, 1, 1);
        worker.stop();
        gate.open.countDown();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
        assertThat(held.await()).isEqualTo("stop");
        assertThat(later.status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void aTimeMayBeForEver() throws Exception {
        jobs.queue("default").enqueue(Sums::noop);
        var worker = worker().burst(true)
                .stopOnShutdown(JobOptions.FOREVER)
                .gracePeriod(JobOptions.FOREVER)
                .interruptGrace(JobOptions.FOREVER)
                .maxIdleTime(JobOptions.FOREVER)
                .build();
        assertThat(worker.settings().run().interruptGrace().toNanos()).isPositive();
        assertThat(worker.run()).isEqualTo(new WorkerTally(1, 0));
        assertThatThrownBy(() -> worker().stopOnShutdown(Duration.ofSeconds(-1)))
                .hasMessage("stopOnShutdown must not be negative, was PT-1S");
    }

    @Test
    void secondWorkerOfTheSameNameIsRefused() throws Exception {
        var gate = Sums.gate("twin", 1);
        jobs.queue("default").enqueue(Sums::hold, "twin");
        var worker = worker().name("twin").build();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        assertThatThrownBy(() -> worker().name("twin").build().run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("an active worker named 'twin'");
        assertThatThrownBy(worker::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("worker twin runs already; build another one to run two of them");
        worker.stop();
        gate.open.countDown();
        run.get(30, SECONDS);
        worker().name("twin").burst(true).build().run(); // the name is free again
    }
}
