package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.simul.jobs.DequeueStrategy;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Isolation;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.QueueLimits;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md about how jobs run. */
class RunningDocsTest {
    private static EmbeddedRedis server;
    private static String url;

    static final class Parsers {
        private Parsers() {}

        @SimulJob("pdf.parse")
        static int parse(String text) {
            return text.length();
        }
    }

    static final class Pages {
        private Pages() {}

        @SimulJob("pages.count_words")
        static int countWords(String text) {
            return text.strip().split("\\s+").length;
        }
    }

    @BeforeAll
    static void startRedis() {
        server = EmbeddedRedis.start();
        url = server.url();
    }

    @AfterAll
    static void stopRedis() {
        server.close();
    }

    @Test
    void isolation() {
        var careful = Worker.on(url)
                .functions(Parsers.class)
                .isolation(Isolation.PROCESS)
                .childOptions("-Xmx200m")
                .interruptGrace(Duration.ofSeconds(5))
                .gracePeriod(Duration.ofSeconds(25))
                .build();
        assertEquals(32, careful.name().length());
    }

    @Test
    void order() {
        try (var jobs = JobClient.connect(url)) {
            var fair = Worker.on(url)
                    .queues("mail", "reports")
                    .functions(Pages.class)
                    .strategy(DequeueStrategy.weighted(Map.of("mail", 3)))
                    .build();
            jobs.queue("mail").limits(QueueLimits.concurrency(5).rate(100, Duration.ofMinutes(1)));
            assertEquals(5, jobs.queue("mail").limits().concurrency());
            assertEquals(32, fair.name().length());
        }
    }
}
