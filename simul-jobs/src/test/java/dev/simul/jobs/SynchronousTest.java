package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SynchronousTest extends OnRedis {
    private JobQueue queue;

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default").synchronous(Sums.class);
    }

    private List<String> keys() {
        return raw.keys("*").stream().sorted().toList();
    }

    @Test
    void theJobHasEndedWhenEnqueueReturns() throws Exception {
        var job = queue.with(o -> o.id("a")).enqueue(Sums::add, 2, 3);

        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
        assertThat(job.info().orElseThrow().endedAt()).isPresent();
        assertThat(job.await()).isEqualTo(5);
        assertThat(keys()).containsExactly("rq:finished:default", "rq:job:a", "rq:queues", "rq:results:a");
    }

    @Test
    void aFailureStandsInItsRegistryAndIsThrownOnlyToWhoWaits() {
        var job = queue.enqueue(Sums::boom, "no luck");

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(queue.registry(JobRegistry.Kind.FAILED).ids()).containsExactly(job.id());
        assertThatThrownBy(job::await).isInstanceOf(JobFailedException.class);
    }

    @Test
    void theTimeLimitHolds() {
        var job = queue.with(o -> o.timeout(Duration.ofSeconds(1))).enqueue(Sums::sleep, 60.0);

        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(job.latestResult().orElseThrow().traceback().orElseThrow())
                .contains("Task exceeded maximum timeout value (1 seconds)");
    }

    @Test
    void manyRunInTheirOrder() {
        Sums.TRACE.clear();
        queue.enqueueMany(List.of(
                JobRequest.of(Sums::trace, "synchronous 1"),
                JobRequest.of(Sums::trace, "synchronous 2"),
                JobRequest.of(Sums::trace, "synchronous 3")));

        assertThat(Sums.TRACE).containsExactly("synchronous 1", "synchronous 2", "synchronous 3");
    }

    @Test
    void whatWaitsForItsTimeOrForOthersStaysForTheWorkers() {
        var later = queue.in(Duration.ofHours(1)).enqueue(Sums::add, 1, 1);
        var parent = jobs.queue("default").enqueue(Sums::add, 1, 1);
        var child = queue.with(o -> o.after(parent)).enqueue(Sums::add, 1, 1);

        assertThat(later.status()).isEqualTo(JobStatus.SCHEDULED);
        assertThat(parent.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(child.status()).isEqualTo(JobStatus.DEFERRED);
    }

    @Test
    void anInterruptedCallerLeavesTheJobToTheWorkers() throws Exception {
        var gate = Sums.gate("synchronous", 1);
        var caller =
                Thread.ofPlatform().start(() -> queue.with(o -> o.id("left")).enqueue(Sums::hold, "synchronous"));
        assertThat(gate.begun.await(30, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join();

        assertThat(jobs.queue("default").ids()).containsExactly("left");
    }

    @Test
    void whoTellsWorkersToPauseDoesNotMeanTheCaller() throws Exception {
        jobs.suspend();
        assertThat(queue.enqueue(Sums::add, 2, 3).await()).isEqualTo(5);
    }

    @Test
    void whatThePauseOfAQueueHoldsBackIsLeftToItsWorkers() {
        queue.pause();
        var job = queue.enqueue(Sums::add, 2, 3);

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(jobs.queue("default").ids()).containsExactly(job.id());
        assertThat(keys()).noneMatch(key -> key.startsWith("simul:rq:synchronous:"));
    }

    @Test
    void moreThanOneBatchIsRunWhole() {
        var many =
                queue.enqueueMany(Sums::ignore, IntStream.range(0, 600).boxed().toList());

        assertThat(many).hasSize(600).allMatch(job -> job.status() == JobStatus.FINISHED);
        assertThat(keys()).noneMatch(key -> key.startsWith("rq:worker:") || key.startsWith("rq:execution"));
    }

    @Test
    void callerIsToldWhenTheOutcomeCannotBeRecorded() throws Exception {
        var gate = Sums.gate("unrecorded", 1);
        long millis = 500;
        while (!isToldAfter(millis, gate)) { // so busy a machine that the job did not even begin
            millis *= 2;
        }
    }

    private static boolean isToldAfter(long millis, Sums.Gate gate) {
        try (var other = EmbeddedRedis.start();
                var client = Background.connect(JobSettings.of(other.url()).patience(Duration.ofMillis(millis)))) {
            var caller = Background.call(() -> client.queue("default")
                    .synchronous(Sums.class)
                    .with(o -> o.id("lost"))
                    .enqueue(Sums::hold, "unrecorded"));
            while (gate.begun.getCount() > 0) {
                if (caller.isDone()) {
                    return false;
                }
                Background.breathe();
            }
            other.close();
            gate.open.countDown();

            assertThatThrownBy(() -> caller.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("has not taken the outcome of jobs [lost] for");
            return true;
        }
    }

    @Test
    void aFunctionThatWasNotOfferedFailsClearly() {
        var job = jobs.queue("default").synchronous(Sums.class).enqueue("tasks.unknown", Integer.class);

        assertThat(job.latestResult().orElseThrow().traceback().orElseThrow()).contains("tasks.unknown");
    }
}
