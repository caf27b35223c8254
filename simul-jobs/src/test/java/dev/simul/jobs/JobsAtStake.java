package dev.simul.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that a worker runs while something happens to it, with what is to be true of them in the end.
 *
 * @param enqueue puts jobs into Redis whose functions leave their marks in a file in this folder, named as the job
 * @param fates by id of the job
 */
record JobsAtStake(String name, BiConsumer<JobClient, Path> enqueue, Map<String, Fate> fates) {
    static final boolean ALL = "all".equals(System.getProperty("simul.killpoints"));

    /**
     * What is to be true of a job in the end.
     *
     * @param end null if nothing of it is kept
     * @param runs how often its function is called if nothing happens
     * @param results how many entries its results have
     */
    record Fate(@Nullable JobStatus end, int runs, int results) {}

    private static final Fate FINISHED = new Fate(JobStatus.FINISHED, 1, 1);

    static final JobsAtStake PLAIN = new JobsAtStake(
            "a plain job", (jobs, dir) -> mark(jobs.queue("default"), dir, "plain"), Map.of("plain", FINISHED));

    /** The kinds of jobs whose paths differ most. */
    static Stream<JobsAtStake> some() {
        return Stream.of(
                PLAIN,
                new JobsAtStake(
                        "a job that fails and is tried again later",
                        (jobs, dir) -> jobs.queue("default")
                                .with(o -> o.id("fails").retry(Retry.of(1, Duration.ofSeconds(60))))
                                .enqueue(Marks::fail, dir.resolve("fails").toString()),
                        Map.of("fails", new Fate(JobStatus.FAILED, 2, 1))),
                new JobsAtStake(
                        "a job whose result is not kept, with a dependent on another queue",
                        (jobs, dir) -> {
                            mark(jobs.queue("default").with(o -> o.resultTtl(Duration.ZERO)), dir, "parent");
                            mark(jobs.queue("other").with(o -> o.after("parent")), dir, "child");
                        },
                        Map.of("parent", new Fate(null, 1, 0), "child", FINISHED)),
                new JobsAtStake(
                        "a repeated job of a group with a success callback",
                        (jobs, dir) -> mark(
                                jobs.queue("default")
                                        .with(o -> o.group("team")
                                                .repeat(Repeat.of(1, Duration.ofSeconds(60)))
                                                .onSuccess(Callback.of("marks.told"))),
                                dir,
                                "told"),
                        Map.of("told", new Fate(JobStatus.FINISHED, 2, 2))));
    }

    static Stream<JobsAtStake> all() {
        return Stream.concat(
                some(),
                Stream.of(
                        new JobsAtStake(
                                "a job that returns a Retry",
                                alone("returns", (queue, file) -> queue.enqueue(Marks::again, file)),
                                Map.of("returns", new Fate(JobStatus.FAILED, 2, 2))),
                        new JobsAtStake(
                                "a unique job",
                                (jobs, dir) ->
                                        mark(jobs.queue("default").with(o -> o.uniqueWhilePending()), dir, "unique"),
                                Map.of("unique", FINISHED)),
                        new JobsAtStake(
                                "jobs of a queue with limits beside a paused one",
                                (jobs, dir) -> {
                                    jobs.queue("default").limits(QueueLimits.concurrency(1));
                                    jobs.queue("third").pause();
                                    mark(jobs.queue("default"), dir, "first");
                                    mark(jobs.queue("default"), dir, "second");
                                },
                                Map.of("first", FINISHED, "second", FINISHED)),
                        new JobsAtStake(
                                "a job that fails",
                                alone("fails", (queue, file) -> queue.enqueue(Marks::fail, file)),
                                Map.of("fails", new Fate(JobStatus.FAILED, 1, 1))),
                        new JobsAtStake(
                                "a job that saves its meta and shows its progress",
                                alone("shows", (queue, file) -> queue.enqueue(Marks::progress, file)),
                                Map.of("shows", FINISHED)),
                        new JobsAtStake(
                                "jobs of two queues",
                                (jobs, dir) -> {
                                    mark(jobs.queue("default"), dir, "here");
                                    mark(jobs.queue("other"), dir, "there");
                                },
                                Map.of("here", FINISHED, "there", FINISHED)),
                        new JobsAtStake(
                                "a job in a process of its own",
                                alone("apart", (queue, file) -> queue.enqueue(Marks::apart, file)),
                                Map.of("apart", FINISHED))));
    }

    /** A job that asks for nothing else but that function, which gets the file for its mark. */
    private static BiConsumer<JobClient, Path> alone(String id, BiConsumer<JobQueue, String> enqueue) {
        return (jobs, dir) -> enqueue.accept(
                jobs.queue("default").with(o -> o.id(id)), dir.resolve(id).toString());
    }

    static void mark(JobQueue queue, Path dir, String id) {
        queue.with(o -> o.id(id)).enqueue(Marks::mark, dir.resolve(id).toString());
    }

    /** Whether a worker's command has to do with these jobs: its start and its end are the same for all. */
    boolean concerns(String command) {
        return CommandCutter.COUNTS.test(command)
                && (takes(command) || fates.keySet().stream().anyMatch(command::contains));
    }

    /** Whether it is a reservation, the only script that looks whether all workers are to pause. */
    static boolean takes(String command) {
        return command.startsWith("EVALSHA") && command.contains("rq:suspended");
    }

    @Override
    public String toString() {
        return name;
    }
}
