package dev.simul.benchmarks;

import static dev.simul.benchmarks.JobFigure.BYTES_IN;
import static dev.simul.benchmarks.JobFigure.BYTES_OUT;
import static dev.simul.benchmarks.JobFigure.COMMANDS;
import static dev.simul.benchmarks.JobFigure.MEMORY;
import static dev.simul.benchmarks.JobFigure.P50;
import static dev.simul.benchmarks.JobFigure.P99;
import static dev.simul.benchmarks.JobFigure.P999;
import static dev.simul.benchmarks.JobFigure.RATE;
import static dev.simul.benchmarks.JobFigure.READS;
import static dev.simul.benchmarks.JobFigure.REDIS_CPU;
import static dev.simul.benchmarks.JobFigure.SLOWDOWN;
import static dev.simul.benchmarks.JobFigure.WORKER_CPU;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The rows of group {@code jobs}. */
final class JobRows {
    static final List<String> QUICK_PEERS = List.of("rq", "rq-simple", "asynq", "bullmq");
    static final List<String> PEERS = Stream.concat(
                    QUICK_PEERS.stream(),
                    Stream.of("sidekiq", "celery", "dramatiq", "jesque", "jobrunr", "db-scheduler"))
            .toList();

    private static final Floor BULLMQ = new Floor.Times(1, "bullmq");
    private static final Floor FOUR_RQ = new Floor.Times(4, "rq");

    static final List<JobEvent> EVENTS = List.of(
            JobEvent.enqueue("enqueue-one", "enqueue, one after the other", JobEvent.Kind.ENQUEUE_ONE)
                    .shows(RATE, FOUR_RQ)
                    .shows(REDIS_CPU, COMMANDS, READS)
                    .shows(MEMORY, new Floor.Times(1, "rq"))
                    .without("rq-simple"),
            JobEvent.enqueue("enqueue-many", "enqueue, 32 callers", JobEvent.Kind.ENQUEUE_MANY)
                    .shows(RATE, REDIS_CPU, READS)
                    .without("rq", "rq-simple")
                    .full(),
            JobEvent.enqueue("enqueue-batch", "enqueue, 500 a call", JobEvent.Kind.ENQUEUE_BATCH)
                    .shows(RATE, FOUR_RQ)
                    .shows(REDIS_CPU, COMMANDS)
                    .without("rq-simple", "asynq"),
            noop(1),
            noop(10).full(),
            noop(100).shows(RATE, BULLMQ).shows(REDIS_CPU, BULLMQ).shows(WORKER_CPU, BULLMQ),
            noop(1_000).full(),
            JobEvent.work("sleep1-100", "1 ms jobs, 100 at a time", "sleep1", 100)
                    .shows(RATE, REDIS_CPU)
                    .full(),
            JobEvent.work("sleep10-100", "10 ms jobs, 100 at a time", "sleep10", 100)
                    .shows(RATE, new Floor.Times(1, "sidekiq"))
                    .shows(REDIS_CPU),
            JobEvent.pickUp("pick-up", "from enqueueing to the function, idle worker", 10, 200)
                    .shows(P50, BULLMQ)
                    .shows(P99, BULLMQ),
            JobEvent.pickUp("pick-up-long", "the same, 2,000 jobs", 10, 2_000)
                    .shows(P50, P99, P999)
                    .full(),
            delayed(1, 100).full(),
            delayed(2, 100),
            delayed(5, 100).full(),
            delayed(2, 10).full(),
            JobEvent.work("queues-100", "no-op jobs on 100 queues, 100 at a time", "noop", 100)
                    .queues(100)
                    .shows(RATE, REDIS_CPU, WORKER_CPU)
                    .full(),
            payload(100, 40_000),
            payload(10_000, 10_000),
            payload(100_000, 1_000),
            payload(1_000_000, 100),
            JobEvent.enqueue("million", "1,000,000 jobs queued, 500 a call", JobEvent.Kind.ENQUEUE_BATCH)
                    .most(1_000_000)
                    .shows(RATE, MEMORY)
                    .without("rq", "rq-simple", "asynq")
                    .full());

    private JobRows() {}

    private static JobEvent noop(int concurrency) {
        return JobEvent.work("noop-" + concurrency, "no-op jobs, " + concurrency + " at a time", "noop", concurrency)
                .shows(RATE, REDIS_CPU, WORKER_CPU, COMMANDS, READS, BYTES_IN, BYTES_OUT);
    }

    private static JobEvent delayed(int millis, int concurrency) {
        return JobEvent.work(
                        "delay%d-%d".formatted(millis, concurrency),
                        "no-op jobs, %d at a time, Redis %d ms away".formatted(concurrency, millis),
                        "noop",
                        concurrency)
                .delay(Duration.ofMillis(millis))
                .most(10_000)
                .shows(RATE)
                .shows(SLOWDOWN, new Floor.AtMost(2, "x"));
    }

    private static JobEvent payload(int bytes, int most) {
        return JobEvent.work("payload-" + bytes, "no-op jobs of %,d bytes, 100 at a time".formatted(bytes), "noop", 100)
                .bytes(bytes, most)
                .shows(RATE, REDIS_CPU, BYTES_IN, BYTES_OUT)
                .full();
    }

    static Stream<JobEvent> of(boolean quick) {
        return EVENTS.stream().filter(event -> event.quick() || !quick);
    }

    /** What a picture shows, by concurrency. */
    static List<Result> plotted(List<Result> results) {
        var shown = List.of("noop", "noop/redis-cpu");
        return results.stream()
                .filter(result -> shown.contains(result.row().name()))
                .toList();
    }

    static List<String> peers(boolean quick) {
        return quick ? QUICK_PEERS : PEERS;
    }
}
