package dev.simul.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Functions that look at the job they belong to, and callbacks, for the tests. */
final class Hooks {
    /** What was called with what, in order. */
    static final List<String> SEEN = new CopyOnWriteArrayList<>();

    /** Holds {@code hooks.stubborn}. */
    static volatile CountDownLatch stubborn = new CountDownLatch(1);

    private Hooks() {}

    @SimulJob("hooks.done")
    static void done(CurrentJob job, Object result) {
        SEEN.add("done " + job.id() + " " + job.status() + " " + result + " "
                + CurrentJob.get().equals(job));
    }

    @SimulJob("hooks.sum")
    static void sum(int sum, JobClient client) {
        SEEN.add("sum " + (sum + 1) + " " + client.queue("default").name());
    }

    @SimulJob("hooks.plain")
    static void plain() {
        SEEN.add("plain");
    }

    @SimulJob("hooks.failed")
    static void failed(CurrentJob job, Throwable error, String traceback) {
        SEEN.add("failed " + job.id() + " " + job.status() + " " + error.getMessage() + " "
                + traceback.contains("IllegalStateException"));
    }

    @SimulJob("hooks.stopped")
    static void stopped(CurrentJob job) {
        SEEN.add("stopped " + job.id() + " " + job.status());
    }

    @SimulJob("hooks.bad")
    static void bad() {
        if (!SEEN.contains("never")) {
            throw new IllegalArgumentException("bad callback");
        }
    }

    @SimulJob("hooks.greedy")
    static void greedy(CurrentJob job, Object result, int more) {
        SEEN.add("greedy");
    }

    @SimulJob("hooks.stubborn")
    static void stubborn() {
        boolean open = false;
        while (!open) {
            try {
                stubborn.await();
                open = true;
            } catch (InterruptedException e) {
                SEEN.add("interrupted");
            }
        }
    }

    @SimulJob("hooks.retry")
    static Retry retry(int max) {
        SEEN.add("retry");
        return Retry.of(max);
    }

    @SimulJob("hooks.retry_later")
    static Object retryLater() {
        return Retry.of(5, Duration.ofSeconds(30), Duration.ofSeconds(90)).atFront(true);
    }

    @SimulJob("hooks.self")
    static Map<String, @Nullable Object> self() {
        var job = CurrentJob.get();
        job.meta().put("seen", true);
        job.saveMeta();
        return Map.of(
                "id", job.id(),
                "queue", job.queue(),
                "worker", job.worker(),
                "status", job.status().name(),
                "retries", job.retriesLeft(),
                "execution", job.executionId().length());
    }

    @SimulJob("hooks.progress")
    static void progress(int total) {
        for (int i = 0; i <= total; i++) {
            CurrentJob.get().progress(i, total);
        }
    }

    @SimulJob("hooks.strange_meta")
    static String strangeMeta() {
        CurrentJob.get().meta().put("strange", new Sums.Strange());
        CurrentJob.get().progress(1, 2);
        try {
            return "saved " + CurrentJob.get().saveMeta();
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @SimulJob("hooks.fail_with_meta")
    static void failWithMeta() {
        CurrentJob.get().meta().put("step", 2);
        CurrentJob.get().saveMeta();
        throw new IllegalStateException("after step 2");
    }

    @SimulJob("hooks.more")
    static String more() {
        return CurrentJob.get().client().queue("more").enqueue(Sums::add, 1, 2).id();
    }

    @SimulJob("hooks.save_late")
    static boolean saveLate(String gate) throws InterruptedException {
        var job = CurrentJob.get();
        job.meta().put("late", true);
        Sums.hold(gate);
        return job.saveMeta();
    }
}
