package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.simul.jobs.Callback;
import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.Retry;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Webhook;
import dev.simul.jobs.Worker;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md about ends of jobs and about jobs that look at themselves. */
class JobEndingsDocsTest {
    private static final List<String> LOG = new CopyOnWriteArrayList<>();

    static final class Reports {
        private Reports() {}

        @SimulJob("reports.build")
        static int build(int pages) {
            for (int page = 1; page <= pages; page++) {
                CurrentJob.get().progress(page, pages);
            }
            return pages;
        }

        @SimulJob("reports.done")
        static void done(CurrentJob job, int pages) {
            LOG.add(job.id() + " has " + pages + " pages");
        }

        @SimulJob("reports.failed")
        static void failed(CurrentJob job, Throwable error) {
            LOG.add(job.id() + " failed, " + job.retriesLeft() + " attempts left: " + error.getMessage());
        }
    }

    @Test
    void endsBringWhatTheJobHasAskedFor() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var queue = jobs.queue("default").with(o -> o.id("report"));
            queue.with(o -> o.retry(Retry.exponential(5, Duration.ofSeconds(10)))
                            .onSuccess(Callback.of(Reports::done))
                            .onFailure(Callback.of(Reports::failed).timeout(Duration.ofSeconds(20)))
                            .webhook(Webhook.onFailed(URI.create("http://localhost/alarm"))
                                    .post()))
                    .enqueue(Reports::build, 12);
            Worker.on(redis.url()).functions(Reports.class).burst(true).build().run();
            assertEquals(List.of("report has 12 pages"), LOG);
            LOG.clear();
            queue.with(o -> o.retry(Retry.of(2, Duration.ofMinutes(1))).onFailure(Callback.of("reports.failed")))
                    .enqueue("reports.build", Object.class, "many");
            Worker.on(redis.url()).functions(Reports.class).burst(true).build().run();
            assertTrue(LOG.getFirst().startsWith("report failed, 2 attempts left"), LOG::toString);
        }
    }
}
