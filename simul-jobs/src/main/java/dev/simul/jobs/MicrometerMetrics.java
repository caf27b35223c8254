package dev.simul.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts and times jobs for Micrometer: {@code settings.middleware(new MicrometerMetrics(registry))}.
 *
 * <table>
 * <caption>Meters, each with the tags {@code queue} and {@code function}</caption>
 * <tr><td>{@code simul.jobs.enqueued}</td><td>counter: jobs that this program has enqueued</td></tr>
 * <tr><td>{@code simul.jobs.started}</td><td>counter: runs that have begun</td></tr>
 * <tr><td>{@code simul.jobs.finished}</td><td>counter: runs that returned</td></tr>
 * <tr><td>{@code simul.jobs.failed}</td><td>counter: runs that threw, were stopped or ran out of time</td></tr>
 * <tr><td>{@code simul.jobs.duration}</td><td>timer: runs, with the tag {@code outcome}, {@code finished} or
 * {@code failed}</td></tr>
 * <tr><td>{@code simul.jobs.wait}</td><td>timer: from the enqueueing to the worker that took the job (queue lag)</td></tr>
 * <tr><td>{@code simul.jobs.running}</td><td>gauge: functions that run now; tag {@code queue} only</td></tr>
 * </table>
 *
 * <p>Needs {@code io.micrometer:micrometer-core}, which is not brought along. Thread: any.
 */
public final class MicrometerMetrics implements JobMiddleware {
    private static final String PREFIX = "simul.jobs.";

    private final MeterRegistry registry;
    private final ConcurrentHashMap<String, AtomicInteger> running = new ConcurrentHashMap<>();

    /** Counts into a registry. */
    @SuppressWarnings("exports") // whoever calls this has the library
    public MicrometerMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void enqueue(Enqueue enqueue) {
        enqueue.proceed();
        for (var request : enqueue.requests()) {
            count("enqueued", enqueue.queue(), request.function());
        }
    }

    @Override
    public void run(Run run) throws Exception {
        var queue = run.job().queue();
        var function = run.function();
        count("started", queue, function);
        run.waited().ifPresent(wait -> timer("wait", queue, function).record(wait));
        var now = running.computeIfAbsent(queue, this::gauge);
        now.incrementAndGet();
        long begin = System.nanoTime();
        var outcome = "failed";
        try {
            run.proceed();
            outcome = "finished";
        } finally {
            now.decrementAndGet();
            count(outcome, queue, function);
            timer("duration", queue, function, "outcome", outcome).record(Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    private void count(String what, String queue, String function) {
        Counter.builder(PREFIX + what)
                .tag("queue", queue)
                .tag("function", function)
                .register(registry)
                .increment();
    }

    private Timer timer(String what, String queue, String function, String... tags) {
        return Timer.builder(PREFIX + what)
                .tag("queue", queue)
                .tag("function", function)
                .tags(tags)
                .register(registry);
    }

    private AtomicInteger gauge(String queue) {
        var number = new AtomicInteger();
        Gauge.builder(PREFIX + "running", number, AtomicInteger::get)
                .tag("queue", queue)
                .register(registry);
        return number;
    }
}
