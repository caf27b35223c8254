package dev.simul.cli.compare;

import dev.simul.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.util.StringTokenizer;

/** Counts the words of the page at a URL: the article's example. A word is what stands between white space. */
final class WordsWork implements Work {
    /** A page that has not arrived by then counts as unreachable. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int PRACTICE_PAGES = 20;

    private final String practiceUrl;
    private final HttpSession session = HttpSession.builder()
            .timeout(LONGEST)
            .connectionLimit(Settings.MOST_CONCURRENCY)
            .open();

    /** @param practiceUrl a page of ours, fetched for practice before anything is measured */
    WordsWork(String practiceUrl) {
        this.practiceUrl = practiceUrl;
    }

    @Override
    public String answer(String url, Turn turn) throws Exception {
        var page = turn.await(session.start(url)).requireOk();
        return Integer.toString(new StringTokenizer(page.text()).countTokens());
    }

    @Override
    public String inTurns() {
        return "yielding while a request is under way";
    }

    @Override
    public void warmUp(String url) throws Exception {
        for (int i = 0; i < PRACTICE_PAGES; i++) {
            answer(practiceUrl, Turn.PLAIN);
        }
        if (url.startsWith("https:")) { // TLS takes longest to load, and our own page has none
            try {
                answer(url, Turn.PLAIN);
            } catch (IOException _) {
                // it will be reported where it counts
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
