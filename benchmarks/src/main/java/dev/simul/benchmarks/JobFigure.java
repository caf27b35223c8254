package dev.simul.benchmarks;

import java.util.List;

/** What is read off one turn with jobs. */
enum JobFigure {
    RATE("", "jobs/s", Better.HIGHER),
    REDIS_CPU("redis-cpu", "µs/job", Better.LOWER),
    WORKER_CPU("worker-cpu", "µs/job", Better.LOWER),
    /** What Redis executed, inside scripts too. */
    COMMANDS("commands", "/job", Better.LOWER),
    /** How often Redis read from a socket; one pipelined batch is one. */
    READS("reads", "/job", Better.LOWER),
    BYTES_IN("bytes-in", "bytes/job", Better.LOWER),
    BYTES_OUT("bytes-out", "bytes/job", Better.LOWER),
    MEMORY("memory", "bytes/job", Better.LOWER),
    /** From the call that enqueues to the function's first line. */
    P50("p50", "µs", Better.LOWER),
    P99("p99", "µs", Better.LOWER),
    P999("p999", "µs", Better.LOWER),
    /** How many times longer a job takes than with no delay in between. */
    SLOWDOWN("slowdown", "x", Better.LOWER);

    /** What a turn at a full queue tells. */
    static final List<JobFigure> OF_WORK = List.of(RATE, REDIS_CPU, WORKER_CPU, COMMANDS, READS, BYTES_IN, BYTES_OUT);

    private final String suffix;
    private final String unit;
    private final Better better;

    JobFigure(String suffix, String unit, Better better) {
        this.suffix = suffix;
        this.unit = unit;
        this.better = better;
    }

    /** The row in which this figure of an event stands. */
    Row row(JobEvent event, List<String> peers, Floor floor) {
        var end = suffix.isEmpty() ? "" : "/" + suffix;
        var work = suffix.isEmpty() ? event.work() : event.work() + ": " + suffix;
        var number = "-" + event.concurrency();
        if (!event.name().equals("noop" + number)) return new Row(event.name() + end, work, unit, better, peers, floor);
        return new Row("noop" + end, work, unit, better, peers, floor).with(event.concurrency()); // to be plotted
    }
}
