package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobMiddleware;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.Seal;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.TraceContext;
import dev.simul.jobs.Worker;
import dev.simul.test.JobsTest;
import dev.simul.test.TestJobs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md about what stands around jobs. */
@JobsTest(functions = JobMiddlewareDocsTest.Pages.class)
class JobMiddlewareDocsTest {
    static final class Pages {
        private Pages() {}

        @SimulJob("pages.count_words")
        static int countWords(String text) {
            return text.isBlank() ? 0 : text.strip().split("\\s+").length;
        }
    }

    @Test
    void middleware() throws Exception {
        var log = new CopyOnWriteArrayList<String>();
        try (var redis = EmbeddedRedis.start()) {
            var url = redis.url();
            var audited = new JobMiddleware() {
                @Override
                public void enqueue(Enqueue enqueue) {
                    enqueue.change(o -> o.meta(Map.of("tenant", "acme")));
                    enqueue.proceed();
                }

                @Override
                public void run(Run run) throws Exception {
                    log.add("begin " + run.function() + " for "
                            + run.job().meta().get("tenant"));
                    run.proceed();
                }
            };
            var settings = JobSettings.of(url).middleware(audited, TraceContext.middleware());
            work(settings);
        }
        assertEquals(List.of("begin pages.count_words for acme"), log);
    }

    @Test
    void seals() throws Exception {
        var secret = "0123456789abcdef";
        var oldSecret = "fedcba9876543210";
        try (var redis = EmbeddedRedis.start()) {
            var url = redis.url();
            var seal = Seal.encrypting("2026-11", secret)
                    .alsoReads("2026-05", oldSecret)
                    .required();
            var sealed = JobSettings.of(url).seal(seal);
            work(sealed);
        }
    }

    private static void work(JobSettings settings) throws Exception {
        try (var jobs = JobClient.connect(settings)) {
            var job = jobs.queue("default").enqueue(Pages::countWords, "one two three");
            Worker.on(settings).functions(Pages.class).burst(true).build().run();
            assertEquals(3, job.await());
        }
    }

    @Test
    void countsWords(TestJobs jobs) throws Exception {
        var job = jobs.queue().enqueue(Pages::countWords, "to be or not to be");
        jobs.runAll();
        assertEquals(6, job.await());
    }
}
