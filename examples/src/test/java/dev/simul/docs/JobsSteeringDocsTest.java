package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobInfo;
import dev.simul.jobs.JobRegistry;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md on looking and steering. */
class JobsSteeringDocsTest {
    static final class Pages {
        private Pages() {}

        @SimulJob("pages.count_words")
        static int countWords(String text) {
            return text.strip().split("\\s+").length;
        }
    }

    @Test
    void jobsAreReadAndRequeued() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var client = JobClient.connect(redis.url())) {
            var queue = client.queue("default");
            queue.with(o -> o.id("report-17")).enqueue("pages.count_words", Integer.class, 1, 2);
            Worker.on(redis.url()).functions(Pages.class).burst(true).build().run();

            JobInfo info = client.info("report-17").orElseThrow();
            String line = info.status() + " in " + info.queue() + ", asked for "
                    + info.function().orElse("?");
            assertEquals("FAILED in default, asked for pages.count_words", line);

            for (JobInfo failed : queue.registry(JobRegistry.Kind.FAILED).jobs()) {
                if (failed.function().equals(Optional.of("pages.count_words"))) {
                    queue.registry(JobRegistry.Kind.FAILED).requeue(failed.id());
                }
            }
            assertTrue(queue.position("report-17").isPresent());
        }
    }
}
