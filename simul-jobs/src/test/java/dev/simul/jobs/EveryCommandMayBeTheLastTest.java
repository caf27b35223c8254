package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real worker is killed at each command that it sends while it runs a job, before Redis gets it and after, or stands
 * still there for so long that others take it for dead.
 *
 * <p>Whatever the moment, another worker brings the job to the end that it would have had, once, and nothing is left
 * behind. What a worker that goes on then still writes changes nothing. {@code -Dsimul.killpoints=all} adds the jobs that
 * take long, and counts the commands of the start in each.
 */
class EveryCommandMayBeTheLastTest {
    private static final int WORKERS = 2;

    private static final List<StruckWorker> workers = new ArrayList<>();

    @TempDir
    private static Path folder;

    static Stream<JobsAtStake> toBeKilled() {
        return JobsAtStake.ALL ? JobsAtStake.all() : JobsAtStake.some();
    }

    static Stream<JobsAtStake> toBePaused() {
        return JobsAtStake.ALL ? JobsAtStake.all() : Stream.of(JobsAtStake.PLAIN);
    }

    @BeforeAll
    static void start() throws IOException {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(new StruckWorker(folder));
        }
    }

    @AfterAll
    static void stop() {
        workers.forEach(StruckWorker::close);
        workers.clear();
    }

    @ParameterizedTest
    @MethodSource("toBeKilled")
    void anotherWorkerBringsTheJobToItsEndOnce(JobsAtStake stake) throws Exception {
        Predicate<String> counts =
                JobsAtStake.ALL || stake.equals(JobsAtStake.PLAIN) ? CommandCutter.COUNTS : stake::concerns;
        var firstReservation = new AtomicInteger(Integer.MAX_VALUE);
        int commands = KillPoint.tryAll(
                () -> firstReservation.get() - 1,
                workers.stream()
                        .map(worker -> (KillPoint.Trial) point -> {
                            var last = worker.kill(stake, point, counts);
                            if (last != null && JobsAtStake.takes(last)) {
                                firstReservation.accumulateAndGet(point.command(), Math::min);
                            }
                            return last != null;
                        })
                        .toList());
        assertThat(commands).as("commands of %s", stake).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("toBePaused")
    void workerThatOthersTookForDeadChangesNothingAnyMore(JobsAtStake stake) throws Exception {
        // what it does before it has a job is the same for all
        Predicate<String> counts =
                JobsAtStake.ALL && stake.equals(JobsAtStake.PLAIN) ? CommandCutter.COUNTS : stake::concerns;
        int commands = KillPoint.tryAll(
                () -> 0,
                workers.stream()
                        .map(worker -> (KillPoint.Trial) point -> worker.pause(stake, point, counts) != null)
                        .toList());
        assertThat(commands).as("commands of %s", stake).isGreaterThanOrEqualTo(3);
    }

    @Test
    void pythonsWorkerBringsTheJobToItsEndOnce() throws Exception {
        var worker = workers.getFirst();
        var python = PythonRq.install("2.12.0", worker.url());
        var stake = new JobsAtStake(
                "a job with an attempt left",
                (jobs, _) -> jobs.queue("default")
                        .with(o -> o.id("tried").retry(Retry.of(1)))
                        .enqueue(Sums::add, 1, 2),
                Map.of("tried", new JobsAtStake.Fate(JobStatus.FINISHED, 0, 1))); // it leaves no marks
        Predicate<String> counts = JobsAtStake.ALL ? CommandCutter.COUNTS : stake::concerns;
        int commands = KillPoint.tryAll(
                () -> 0,
                List.of(point -> worker.kill(stake, point, counts, (_, _) -> worker.letPythonWork(python)) != null));
        assertThat(commands).isGreaterThanOrEqualTo(3);
    }
}
