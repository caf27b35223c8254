package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
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
            assertThatThrownBy(child::await).hasMessageContaining("has not run and never will");
            assertThat(queue.with(o -> o.after(bad).allowFailure(true))
                            .enqueue(Sums::add, 1, 2)
                            .await())
                    .isEqualTo(3);
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
                    .hasMessageContaining("has no Redis to ask: use JobClient.connect");
        }
    }
}
