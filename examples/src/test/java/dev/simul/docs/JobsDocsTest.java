package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.simul.Async;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobFailedException;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobRequest;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md. */
class JobsDocsTest {
    private static EmbeddedRedis server;
    private static String url;
    private static JobClient client;
    private static JobQueue queue;
    private static Thread worker;

    static final class Pages {
        private Pages() {}

        @SimulJob("pages.count_words")
        static int countWords(String text) {
            return text.isBlank() ? 0 : text.strip().split("\\s+").length;
        }

        @SimulJob(
                value = "pages.summary",
                queue = "low",
                timeout = "10m",
                retries = 3,
                retryIntervals = {"10", "1m"})
        static String summary(String text, Optional<Integer> length) {
            return text.substring(0, Math.min(text.length(), length.orElse(10)));
        }
    }

    /** Stands in for the Python program in the text. */
    static final class Model {
        private Model() {}

        @SimulJob("model.predict")
        static double predict(double length, double width) {
            return length * width;
        }
    }

    @BeforeAll
    static void startWorker() {
        server = EmbeddedRedis.start();
        url = server.url();
        client = JobClient.connect(url);
        queue = client.queue("default");
        worker = Thread.ofPlatform().start(JobsDocsTest::serve);
    }

    @AfterAll
    static void stopWorker() throws InterruptedException {
        worker.interrupt();
        worker.join();
        client.close();
        server.close();
    }

    private static void serve() {
        try {
            var worker = Worker.on(url)
                    .queues("high", "default")
                    .functions(Pages.class, Model.class)
                    .concurrency(20)
                    .stopOnShutdown(Duration.ofSeconds(30))
                    .build();
            worker.run();
        } catch (InterruptedException e) {
            // the tests are over
        }
    }

    @Test
    void aJobIsAwaited() throws Exception {
        try (var jobs = JobClient.connect(url)) {
            var queue = jobs.queue("default");
            Job<Integer> words = queue.enqueue(Pages::countWords, "to be or not to be");
            System.out.println(words.id() + ": " + words.await() + " words");
        }
    }

    @Test
    void aFunctionIsNamedByText() throws Exception {
        Job<Double> price = queue.enqueue("model.predict", Double.class, 5.1, 3.5);
        assertEquals(17.85, price.await(), 0.001);
    }

    @Test
    void aLoopAwaitsJobsTogether() throws Exception {
        List<Integer> counts = Async.run(() -> Async.gather(
                () -> queue.enqueue(Pages::countWords, "one two").await(),
                () -> queue.enqueue(Pages::countWords, "one two three").await()));
        assertEquals(List.of(2, 3), counts);
    }

    @Test
    void aFunctionSaysWhatHoldsForItsJobs() throws Exception {
        var declared = client.enqueue(JobRequest.of(Pages::summary, "to be or not to be", Optional.empty()));
        assertEquals("low", declared.queue());
        assertEquals(
                Optional.of(Duration.ofMinutes(10)),
                declared.info().orElseThrow().timeout());
        assertEquals(
                "to be or n",
                queue.enqueue("pages.summary", String.class, "to be or not to be")
                        .await());
    }

    @Test
    void optionsGoBeforeTheCall() throws Exception {
        var report = queue.with(
                        o -> o.id("report-17").timeout(Duration.ofMinutes(10)).resultTtl(Duration.ofDays(1)))
                .enqueue(Pages::countWords, "a long text");
        assertEquals(3, report.await());
        assertEquals("report-17", report.id());
        assertEquals(JobStatus.FINISHED, report.status());
    }

    @Test
    void aFailureBringsTheWorkersText() {
        var failed = assertThrows(
                JobFailedException.class,
                () -> queue.enqueue("pages.count_words", Integer.class, 1, 2).await());
        assertTrue(failed.traceback()
                .startsWith("pages.count_words(String text) was called with 2 arguments, and takes 1: (1, 2)."));
    }

    @Test
    void aTestBringsItsOwnRedis() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var job = jobs.queue("default").enqueue(Pages::countWords, "one two three");
            Worker.on(redis.url()).functions(Pages.class).burst(true).build().run();
            assertEquals(3, job.await());
        }
    }
}
