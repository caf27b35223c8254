package dev.simul.cli.jobs;

import dev.simul.http.HttpSession;
import dev.simul.jobs.SimulJob;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/** Four functions to try a queue with, {@code simul worker --demo}; a Python program can enqueue them by name. */
final class DemoJobs {
    private DemoJobs() {}

    @SimulJob("demo.add")
    static BigDecimal add(BigDecimal a, BigDecimal b) {
        return a.add(b);
    }

    /** Counts as the article does, {@code len(response.text.split())}, but not the words of an error page. */
    @SimulJob("demo.count_words_at_url")
    static int countWordsAtUrl(String url) throws IOException {
        try (var http = HttpSession.open()) {
            return new StringTokenizer(http.get(url).requireOk().text()).countTokens();
        }
    }

    @SimulJob("demo.sleep")
    static void sleep(double seconds) throws InterruptedException {
        Thread.sleep(Math.round(seconds * 1000));
    }

    @SimulJob("demo.fail")
    static @Nullable Object fail(String message) {
        throw new IllegalStateException(message);
    }
}
