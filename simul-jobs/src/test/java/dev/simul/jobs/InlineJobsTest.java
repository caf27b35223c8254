package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InlineJobsTest {
    private static final AtomicInteger ATTEMPTS = new AtomicInteger();

    static final class Shop {
        private Shop() {}

        record Order(int number, List<String> items) {}

        @SimulJob("shop.count")
        static int count(Order order) {
            CurrentJob.get().progress(1, 2);
            return order.items().size();
        }

        @SimulJob("shop.third_time")
        static String thirdTime() {
            if (ATTEMPTS.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return "lucky";
        }

        @SimulJob("shop.both")
        static int both(Order order) {
            var jobs = CurrentJob.get().client();
            return 1 + jobs.queue("inner").enqueue(Shop::count, order).join();
        }
    }

    @Test
    void jobHasRunInTheCallerBeforeEnqueueReturns() throws Exception {
        try (var jobs = JobClient.inline(Shop.class)) {
            var job = jobs.queue("default").enqueue(Shop::count, new Shop.Order(17, List.of("a", "b")));
            assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
            assertThat(job.await()).isEqualTo(2);
            assertThat(job.meta()).isEqualTo(Map.of("progress", Map.of("done", 1L, "total", 2L, "percent", 50L)));
            assertThat(jobs.queue("default")
                            .enqueue(Shop::both, new Shop.Order(17, List.of("a")))
                            .await())
                    .isEqualTo(2);
        }
    }

    @Test
    void failureCarriesItsTracebackAndRetriesAreMadeAtOnce() throws Exception {
        ATTEMPTS.set(0);
        try (var jobs = JobClient.inline(Shop.class, Sums.class)) {
            var queue = jobs.queue("default");
            var bad = queue.enqueue(Sums::boom, "no luck");
            assertThat(bad.status()).isEqualTo(JobStatus.FAILED);
            assertThatThrownBy(bad::await)
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageEndingWith("IllegalStateException: no luck");
            assertThat(queue.with(o -> o.retry(Retry.of(2)))
                            .enqueue(Shop::thirdTime)
                            .await())
                    .isEqualTo("lucky");

            var child = queue.with(o -> o.after(bad)).enqueue(Sums::add, 1, 2);
            assertThat(child.status()).isEqualTo(JobStatus.DEFERRED);
            assertThatThrownBy(child::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has not run, because it waits for job " + bad.id() + " (FAILED)");
            assertThat(queue.with(o -> o.after(bad).allowFailure(true))
                            .enqueue(Sums::add, 1, 2)
                            .await())
                    .isEqualTo(3);
        }
    }

    @BeforeEach
    void forget() {
        Hooks.SEEN.clear();
        Sums.TRACE.clear();
    }

    @Test
    void callbacksAreCalledAndMayFailTheJob() throws Exception {
        try (var jobs = JobClient.inline(Sums.class, Hooks.class)) {
            var queue = jobs.queue("default").with(o -> o.onFailure(Callback.of(Hooks::failed)));
            queue.with(o -> o.id("a").onSuccess(Callback.of(Hooks::done))).enqueue(Sums::add, 1, 2);
            queue.with(o -> o.id("b").retry(Retry.of(1))).enqueue(Sums::boom, "no luck");
            var bad = queue.with(o -> o.id("c").onSuccess(Callback.of(Hooks::bad)))
                    .enqueue(Sums::add, 1, 2);
            assertThat(Hooks.SEEN)
                    .containsExactly(
                            "done a FINISHED 3 true",
                            "failed b FAILED no luck true",
                            "failed b FAILED no luck true",
                            "failed c FAILED bad callback false");
            assertThat(bad.status()).isEqualTo(JobStatus.FAILED);
            assertThatThrownBy(bad::await).hasMessageContaining("bad callback");
        }
    }

    @Test
    void scheduledJobWaitsUntilTheTestLetsTimePass() throws Exception {
        try (var jobs = JobClient.inline(Sums.class)) {
            var queue = jobs.queue("default");
            var later = queue.in(Duration.ofHours(2)).enqueue(Sums::add, 1, 2);
            queue.in(Duration.ofHours(3)).enqueue(Sums::trace, "third");
            queue.at(Instant.now().plusSeconds(60)).enqueue(Sums::trace, "first");
            var heard = new AtomicInteger();
            later.onDone(_ -> heard.incrementAndGet());
            assertThat(later.status()).isEqualTo(JobStatus.SCHEDULED);
            assertThatThrownBy(later::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("waits for its time")
                    .hasMessageContaining("call runDue(Duration) before");
            assertThat(jobs.runDue(Duration.ofHours(1))).isEqualTo(new WorkerTally(1, 0));
            assertThat(Sums.TRACE).containsExactly("first");
            assertThat(heard.get()).isZero();
            assertThat(jobs.runDue(Duration.ofHours(2))).isEqualTo(new WorkerTally(2, 0));
            assertThat(later.await()).isEqualTo(3);
            assertThat(heard.get()).isEqualTo(1);
        }
    }

    @Test
    void pausesOfRetriesAndRepeatsPassByRqsRules() {
        try (var jobs = JobClient.inline(Sums.class, Hooks.class)) {
            var queue = jobs.queue("default");
            var failing = queue.with(o -> o.retry(Retry.of(3, Duration.ofSeconds(10), Duration.ofMinutes(1))))
                    .enqueue(Sums::boom, "no luck");
            assertThat(failing.status()).isEqualTo(JobStatus.SCHEDULED);
            assertThat(jobs.runDue(Duration.ofSeconds(10)).failed()).isEqualTo(1); // the first pause is repeated
            assertThat(jobs.runDue(Duration.ofSeconds(10)).failed()).isEqualTo(1);
            assertThat(jobs.runDue(Duration.ofSeconds(20)).failed()).isZero();
            assertThat(jobs.runDue(Duration.ofSeconds(40)).failed()).isEqualTo(1);
            assertThat(failing.status()).isEqualTo(JobStatus.FAILED);

            queue.with(o -> o.repeat(Repeat.of(2))).enqueue(Sums::trace, "thrice");
            assertThat(Sums.TRACE).containsExactly("thrice", "thrice", "thrice");
            queue.enqueue("hooks.retry", Object.class, 2);
            assertThat(Hooks.SEEN).containsExactly("retry", "retry", "retry");
        }
    }

    @Test
    void dependentsRunAfterTheirParentsWheneverThoseRun() throws Exception {
        try (var jobs = JobClient.inline(Sums.class)) {
            var queue = jobs.queue("default");
            var parent = queue.in(Duration.ofHours(1)).enqueue(Sums::add, 1, 2);
            var child = queue.with(o -> o.after(parent)).enqueue(Sums::add, 3, 4);
            var grandchild = queue.with(o -> o.after(child, parent)).enqueue(Sums::add, 5, 6);
            assertThat(grandchild.status()).isEqualTo(JobStatus.DEFERRED);
            assertThat(jobs.runDue(Duration.ofHours(1))).isEqualTo(new WorkerTally(3, 0));
            assertThat(grandchild.await()).isEqualTo(11);
            assertThat(queue.with(o -> o.after("nobody"))
                            .enqueue(Sums::add, 1, 1)
                            .await())
                    .isEqualTo(2);
            var together = queue.enqueueMany(List.of(
                    JobRequest.of(Sums::trace, "second").with(o -> o.after("first")),
                    JobRequest.of(Sums::trace, "first").with(o -> o.id("first"))));
            assertThat(together).extracting(Job::status).containsOnly(JobStatus.FINISHED);
            assertThat(Sums.TRACE).containsExactly("first", "second");
        }
    }

    @Test
    void timeIsLimitedAndALifeMayEndBeforeItsTime() {
        try (var jobs = JobClient.inline(Sums.class)) {
            var queue = jobs.queue("default");
            var slow = queue.with(o -> o.timeout(Duration.ofSeconds(1))).enqueue(Sums::sleep, 600.0);
            assertThatThrownBy(slow::await).hasMessageContaining("exceeded maximum timeout value (1 seconds)");
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            var mortal = queue.with(o -> o.ttl(Duration.ofMinutes(1)).in(Duration.ofHours(1)))
                    .enqueue(Sums::trace, "never");
            assertThat(jobs.runDue(Duration.ofHours(2))).isEqualTo(new WorkerTally(0, 0));
            assertThat(mortal.status()).isEqualTo(JobStatus.GONE);
            assertThatThrownBy(mortal::await).hasMessageContaining("its ttl was over before it could run");
        }
    }

    @Test
    void secondOfItsKindIsRefusedOrTakenForTheFirst() {
        try (var jobs = JobClient.inline(Sums.class)) {
            var queue = jobs.queue("default");
            var unique = queue.with(o -> o.id("u").unique());
            unique.enqueue(Sums::trace, "one");
            assertThatThrownBy(() -> unique.enqueue(Sums::trace, "two")).isInstanceOf(DuplicateJobException.class);
            var once = queue.with(o -> o.uniqueFor(Duration.ofMinutes(10)).onDuplicate(OnDuplicate.RETURN_EXISTING));
            var first = once.enqueue(Sums::trace, "three");
            assertThat(once.enqueue(Sums::trace, "three").id()).isEqualTo(first.id());
            jobs.runDue(Duration.ofMinutes(10));
            assertThat(once.enqueue(Sums::trace, "three").id()).isNotEqualTo(first.id());
            assertThat(Sums.TRACE).containsExactly("one", "three", "three");
        }
    }

    @Test
    void whatIsNotDoneInlineIsRefusedWithTheWayOut() {
        try (var jobs = JobClient.inline(Sums.class)) {
            var queue = jobs.queue("default");
            assertThatThrownBy(() -> queue.with(o -> o.webhook(URI.create("http://localhost/")))
                            .enqueue(Sums::trace, "never"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has a webhook, which nobody sends inline; use @JobsTest on a Redis");
            assertThatThrownBy(() -> queue.with(o -> o.id("a").unique().onDuplicate(OnDuplicate.REPLACE))
                            .enqueue(Sums::trace, "never"))
                    .hasMessageContaining("onDuplicate(REPLACE), which is not done inline; use @JobsTest");
            assertThatThrownBy(() -> jobs.runDue(Duration.ofSeconds(-1))).hasMessageContaining("was PT-1S");
            assertThat(Sums.TRACE).isEmpty();
        }
    }

    @Test
    void whatCouldNotBeSentToAWorkerFailsHereToo() throws Exception {
        try (var jobs = JobClient.inline(Sums.class)) {
            assertThatThrownBy(() -> jobs.queue("default").enqueue("tasks.echo", Object.class, new Sums.Strange()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("JSON cannot express the arguments of tasks.echo");
            var unknown = jobs.queue("default").enqueue("tasks.nobody", Integer.class);
            assertThatThrownBy(unknown::await)
                    .hasMessageContaining("asks for tasks.nobody, which this worker does not offer");
        }
    }

    @Test
    void whatNeedsRedisSaysSo() {
        try (var jobs = JobClient.inline(Sums.class)) {
            assertThatThrownBy(() -> jobs.queue("default").size())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no Redis to ask: use @JobsTest on a Redis");
        }
    }
}
