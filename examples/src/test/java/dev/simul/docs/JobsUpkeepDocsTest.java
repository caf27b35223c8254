package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.simul.jobs.CronJob;
import dev.simul.jobs.CronScheduler;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobRequest;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.RescuePolicy;
import dev.simul.jobs.Scheduler;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md on schedules and on workers that die. */
class JobsUpkeepDocsTest {
    static final class Pages {
        private Pages() {}

        @SimulJob("pages.count_words")
        static int countWords(String text) {
            return text.strip().split("\\s+").length;
        }
    }

    private interface Running {
        void run() throws InterruptedException;
    }

    private static Thread start(Running running) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                running.run();
            } catch (InterruptedException e) {
                // the test is over
            }
        });
    }

    @Test
    void schedulerMovesWhatIsDue() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var client = JobClient.connect(redis.url())) {
            var url = redis.url();
            var job = client.queue("default")
                    .enqueueAt(Instant.EPOCH.plusSeconds(1), JobRequest.of(Pages::countWords, "a b"));
            var thread = start(() -> {
                var scheduler = Scheduler.on(url).queues("high", "default").build();
                scheduler.run();
            });
            while (job.status() != JobStatus.QUEUED) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void cronEnqueues() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var client = JobClient.connect(redis.url())) {
            var url = redis.url();
            var thread = start(() -> {
                var cron = CronScheduler.on(url)
                        .timeZone(ZoneId.of("Europe/Berlin"))
                        .jobs(
                                CronJob.cron("0 9 * * mon-fri", JobRequest.of(Pages::countWords, "good morning"))
                                        .name("morning")
                                        .catchUp(true),
                                CronJob.every(Duration.ofMinutes(5), JobRequest.of("cache.clean", Void.class))
                                        .queue("low"))
                        .build();
                cron.run();
            });
            while (client.queue("low").size() == 0) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void carefulWorkerIsBuilt() {
        var url = "redis://localhost";
        var careful = Worker.on(url)
                .functions(Pages.class)
                .rescueAfter(Duration.ofSeconds(10))
                .maxRescues(1)
                .rescue(RescuePolicy.REQUEUE)
                .maintenanceInterval(Duration.ofMinutes(10))
                .build();
        assertTrue(careful.name().length() > 10);
        assertEquals(2, Pages.countWords("a b"));
    }
}
