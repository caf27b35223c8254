package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Contestants here are shell lines that do no job, and only say so; Redis is real. */
class JobContestTest {
    private static final String WORKER = "if [ $0 = work ]; then exec sleep 60; fi; ";
    private static final String DOES_ALL =
            "while read mode jobs rest; do head -c $jobs /dev/zero >>$JOBS_DONE; echo 0.5; done";
    private static final String A_SECOND_EACH = "while read mode jobs rest; do echo $jobs; done";

    private final JobContest contest = new JobContest(2, Duration.ZERO, Duration.ofMillis(1), _ -> {});

    @Test
    void everyFigureOfAnEventIsARow() throws Exception {
        var event = JobEvent.work("noop", "no-op jobs", "noop", 7)
                .shows(JobFigure.RATE, new Floor.Times(1, "other"))
                .shows(JobFigure.WORKER_CPU);

        var results = play(event, WORKER + DOES_ALL, WORKER + DOES_ALL);

        assertThat(results).extracting(result -> result.row().label()).containsExactly("noop", "noop/worker-cpu");
        assertThat(results).allSatisfy(result -> {
            assertThat(result.simul()).isPresent();
            assertThat(result.best("other")).isPresent();
        });
    }

    @Test
    void enqueueingIsTimedByTheProducer() throws Exception {
        var event = JobEvent.enqueue("enqueue", "enqueue", JobEvent.Kind.ENQUEUE_ONE)
                .shows(JobFigure.RATE);

        var result = play(event, A_SECOND_EACH, A_SECOND_EACH).iterator().next();

        assertThat(result.simul()).contains(1.0);
    }

    @Test
    void aContestantThatDiesIsMissingWithItsLastWords() throws Exception {
        var event = JobEvent.work("noop", "no-op jobs", "noop", 7).shows(JobFigure.RATE);

        var result = play(event, WORKER + DOES_ALL, "read request; echo no memory left >&2; exit 1")
                .iterator()
                .next();

        assertThat(result.missing().get("other")).endsWith("no memory left");
        assertThat(result.simul()).isPresent();
    }

    private Collection<Result> play(JobEvent event, String simul, String other) throws Exception {
        return contest.play(
                event, List.of("other"), Map.of("simul", shell("simul", simul), "other", shell("other", other)));
    }

    private static Contestant shell(String name, String script) {
        return new Contestant(name, List.of("/bin/sh", "-c", script), false, Optional.empty());
    }
}
