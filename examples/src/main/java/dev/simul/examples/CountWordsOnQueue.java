package dev.simul.examples;

import dev.simul.http.HttpSession;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import java.io.IOException;

/** A job on a Redis queue: one side names the work and waits, a worker on the other side does it. */
public final class CountWordsOnQueue {
    private CountWordsOnQueue() {}

    /** The job, by the name that a Python program would use too. */
    @SimulJob("examples.count_words_at_url")
    static int countWordsAtUrl(String url) throws IOException {
        try (var http = HttpSession.open()) {
            return http.get(url).requireOk().text().strip().split("\\s+").length;
        }
    }

    public static void main(String[] args) throws Exception {
        var page = Options.value(args, "--page", "https://www.rfc-editor.org/rfc/rfc2606.txt");
        var redis = Options.value(args, "--redis", "");
        if (redis.isEmpty()) {
            try (var embedded = EmbeddedRedis.start()) {
                countOn(embedded.url(), page);
            }
        } else {
            countOn(redis, page);
        }
    }

    private static void countOn(String redis, String page) throws Exception {
        try (var jobs = JobClient.connect(redis)) {
            var job = jobs.queue("examples").enqueue(CountWordsOnQueue::countWordsAtUrl, page);
            System.out.println("job " + job.id() + " is " + job.status());

            Worker.on(redis)
                    .queues("examples")
                    .functions(CountWordsOnQueue.class)
                    .burst(true)
                    .build()
                    .run();

            System.out.println(job.await() + " words at " + page);
        }
    }
}
