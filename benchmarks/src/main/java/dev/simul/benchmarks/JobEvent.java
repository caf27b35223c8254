package dev.simul.benchmarks;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Something that contestants do with jobs, in turns; each of its figures is a row.
 *
 * @param name what {@code --json} calls it
 * @param work the same in words
 * @param kind what is timed
 * @param job what a job does: {@code noop}, {@code sleep1}, {@code sleep10} (milliseconds) or {@code latency}
 * @param concurrency how many jobs a worker runs at a time
 * @param bytes size of a job's second argument
 * @param queues over how many queues the jobs are spread
 * @param delay what the proxy between worker and Redis adds to every reply
 * @param most jobs in one turn
 * @param floors for those figures that have one; the keys are the figures that are shown
 * @param absent peers that have no such thing
 * @param quick whether it is part of {@code --quick}
 */
record JobEvent(
        String name,
        String work,
        Kind kind,
        String job,
        int concurrency,
        int bytes,
        int queues,
        Duration delay,
        int most,
        Map<JobFigure, Floor> floors,
        List<String> absent,
        boolean quick) {

    /** What is timed. */
    enum Kind {
        /** Enqueueing from one thread. */
        ENQUEUE_ONE("one"),
        /** Enqueueing from 32 callers at once. */
        ENQUEUE_MANY("many"),
        /** Enqueueing 500 jobs a call. */
        ENQUEUE_BATCH("batch"),
        /** Working off a queue that was filled before. */
        WORK("batch"),
        /** Picking up single jobs when nothing else waits. */
        PICK_UP("paced");

        final String mode;

        Kind(String mode) {
            this.mode = mode;
        }

        boolean isEnqueue() {
            return this == ENQUEUE_ONE || this == ENQUEUE_MANY || this == ENQUEUE_BATCH;
        }
    }

    static JobEvent enqueue(String name, String work, Kind kind) {
        return new JobEvent(name, work, kind, "noop", 1, 5, 1, Duration.ZERO, 40_000, Map.of(), List.of(), true);
    }

    static JobEvent work(String name, String work, String job, int concurrency) {
        return new JobEvent(
                name, work, Kind.WORK, job, concurrency, 5, 1, Duration.ZERO, 40_000, Map.of(), List.of(), true);
    }

    static JobEvent pickUp(String name, String work, int concurrency, int jobs) {
        return new JobEvent(
                name, work, Kind.PICK_UP, "latency", concurrency, 5, 1, Duration.ZERO, jobs, Map.of(), List.of(), true);
    }

    /** The same with one more figure to be shown. */
    JobEvent shows(JobFigure figure, Floor floor) {
        var more = new EnumMap<JobFigure, Floor>(JobFigure.class);
        more.putAll(floors);
        more.put(figure, floor);
        return new JobEvent(name, work, kind, job, concurrency, bytes, queues, delay, most, more, absent, quick);
    }

    /** The same with figures to be read, without a floor. */
    JobEvent shows(JobFigure... figures) {
        var more = this;
        for (var figure : figures) more = more.shows(figure, new Floor.None());
        return more;
    }

    JobEvent bytes(int bytes, int most) {
        return new JobEvent(name, work, kind, job, concurrency, bytes, queues, delay, most, floors, absent, quick);
    }

    JobEvent queues(int queues) {
        return new JobEvent(name, work, kind, job, concurrency, bytes, queues, delay, most, floors, absent, quick);
    }

    JobEvent delay(Duration delay) {
        return new JobEvent(name, work, kind, job, concurrency, bytes, queues, delay, most, floors, absent, quick);
    }

    JobEvent most(int most) {
        return new JobEvent(name, work, kind, job, concurrency, bytes, queues, delay, most, floors, absent, quick);
    }

    JobEvent without(String... peers) {
        return new JobEvent(
                name, work, kind, job, concurrency, bytes, queues, delay, most, floors, List.of(peers), quick);
    }

    /** The same for the full run only. */
    JobEvent full() {
        return new JobEvent(name, work, kind, job, concurrency, bytes, queues, delay, most, floors, absent, false);
    }

    /**
     * How long a contestant with a compiler plays before its turns count. Where its speed is judged, the compiler has to be
     * done: a worker or a service that enqueues lives for days, and compiles in its first 100,000 jobs.
     */
    Duration warmUp(Duration usual) {
        boolean judged = Stream.of(JobFigure.RATE, JobFigure.P50)
                .map(floors::get)
                .anyMatch(floor -> floor != null && !(floor instanceof Floor.None));
        return usual.multipliedBy(judged ? 4 : 1);
    }

    /** Empty results, by figure. */
    Map<JobFigure, Result> results(List<String> peers) {
        var present = peers.stream().filter(peer -> !absent.contains(peer)).toList();
        var results = new EnumMap<JobFigure, Result>(JobFigure.class);
        floors.forEach((figure, floor) -> results.put(figure, new Result(figure.row(this, present, floor))));
        return results;
    }
}
