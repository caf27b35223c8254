package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a {@link SimulJob} says of the jobs of its function, and what goes before it. */
class DeclaredOptionsTest extends OnRedis {
    static final class Reports {
        private Reports() {}

        @SimulJob(
                value = "reports.build",
                queue = "low",
                timeout = "10m",
                ttl = "2h",
                resultTtl = "1d",
                failureTtl = "-1",
                description = "a report",
                retries = 3,
                retryIntervals = {"10", "1m"},
                onSuccess = "reports.done",
                onFailure = "reports.failed",
                onStopped = "reports.stopped")
        static int build(int pages) {
            return pages;
        }

        @SimulJob(value = "reports.odd", timeout = "5 minutes")
        static void odd() {}

        @SimulJob(value = "reports.restless", retryIntervals = "10")
        static void restless() {}
    }

    @Test
    void holdsForJobsEnqueuedByAReferenceToTheMethod() {
        var info = jobs.queue("default").enqueue(Reports::build, 1).info().orElseThrow();
        assertThat(info.queue()).isEqualTo("default");
        assertThat(info.timeout()).contains(Duration.ofMinutes(10));
        assertThat(info.ttl()).contains(Duration.ofHours(2));
        assertThat(info.resultTtl()).contains(Duration.ofDays(1));
        assertThat(info.failureTtl()).contains(JobOptions.FOREVER);
        assertThat(info.description()).contains("a report");
        assertThat(info.retriesLeft()).hasValue(3);
        assertThat(info.retryIntervals()).isEqualTo(List.of(Duration.ofSeconds(10), Duration.ofMinutes(1)));
        assertThat(info.successCallback()).contains("reports.done");
        assertThat(info.failureCallback()).contains("reports.failed");
        assertThat(info.stoppedCallback()).contains("reports.stopped");
    }

    @Test
    void optionsOfTheQueueAndOfTheCallGoBefore() {
        var queue =
                jobs.queue("default").with(o -> o.timeout(Duration.ofSeconds(5)).description("of the queue"));
        var info = queue.enqueue(JobRequest.of(Reports::build, 1)
                        .with(o -> o.description("of the call").ttl(JobOptions.FOREVER)))
                .info()
                .orElseThrow();
        assertThat(info.timeout()).contains(Duration.ofSeconds(5));
        assertThat(info.description()).contains("of the call");
        assertThat(info.ttl()).isEmpty();
        assertThat(info.resultTtl()).contains(Duration.ofDays(1));
    }

    @Test
    void whoEnqueuesByNameDoesNotSeeIt() {
        var info = jobs.queue("default")
                .enqueue("reports.build", Integer.class, 1)
                .info()
                .orElseThrow();
        assertThat(info.timeout()).contains(Duration.ofMinutes(3));
        assertThat(info.retriesLeft()).isEmpty();
    }

    @Test
    void queueIsForThoseWhoNameNone() {
        assertThat(jobs.enqueue(JobRequest.of(Reports::build, 1)).queue()).isEqualTo("low");
        assertThat(jobs.enqueue(JobRequest.of(Sums::add, 1, 2)).queue()).isEqualTo("default");
        assertThat(CronJob.every(Duration.ofSeconds(5), JobRequest.of(Reports::build, 1))
                        .queue())
                .isEqualTo("low");
    }

    @Test
    void whatCannotBeIsRefusedWithTheMethodAndTheSetting() {
        assertThatThrownBy(() -> jobs.queue("default").enqueue(Reports::odd))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("@SimulJob of static void dev.simul.jobs.DeclaredOptionsTest$Reports.odd(): ")
                .hasMessageEndingWith(
                        "timeout '5 minutes' is not a duration; write seconds such as 90, or 90s, 5m, 2h, 1d");
        assertThatThrownBy(() -> jobs.queue("default").enqueue(Reports::restless))
                .hasMessageEndingWith("retryIntervals needs retries, the number of further attempts");
    }
}
