package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.simul.jobs.DuplicateJobException;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobRequest;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.OnDuplicate;
import dev.simul.jobs.Retry;
import dev.simul.jobs.SimulJob;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of "More ways to enqueue" in docs/jobs.md. */
class EnqueueDocsTest {
    static final class Reports {
        private Reports() {}

        @SimulJob("reports.render")
        static String render(int number) {
            return "report " + number;
        }

        @SimulJob("reports.send")
        static void send(String to) {}
    }

    @Test
    void moreWaysToEnqueue() {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var queue = jobs.queue("default");
            var patient = queue.with(
                    o -> o.retry(Retry.exponential(5, Duration.ofSeconds(10))).timeout("10m"));
            Job<String> report = patient.enqueue(Reports::render, 17);
            queue.with(o -> o.after(report)).enqueue(Reports::send, "ana@example.org");
            queue.in(Duration.ofHours(1)).enqueue(Reports::send, "ben@example.org");

            List<Job<String>> reports = queue.enqueueMany(Reports::render, List.of(1, 2, 3));
            jobs.group("june")
                    .enqueueMany(
                            queue,
                            List.of(
                                    JobRequest.of(Reports::render, 4).with(o -> o.id("report-4")),
                                    JobRequest.of("reports.render", String.class)
                                            .named("number", 5)));

            var once = queue.with(o -> o.uniqueFor(Duration.ofMinutes(10)));
            once.enqueue(Reports::render, 6);
            assertThrows(DuplicateJobException.class, () -> once.enqueue(Reports::render, 6));
            once.with(o -> o.onDuplicate(OnDuplicate.RETURN_EXISTING)).enqueue(Reports::render, 6);

            assertEquals(JobStatus.QUEUED, report.status());
            assertEquals(3, reports.size());
            assertEquals(2, jobs.group("june").size());
        }
    }
}
