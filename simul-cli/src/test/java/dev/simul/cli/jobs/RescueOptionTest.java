package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobStatus;
import org.junit.jupiter.api.Test;

class RescueOptionTest {
    @Test
    void nextWorkerDoesWithTheJobsOfADeadOneWhatItWasTold() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var client = JobClient.connect(redis.url())) {
            var a = client.queue("a").enqueue("demo.sleep", Void.class, 3600);
            var b = client.queue("b").enqueue("demo.sleep", Void.class, 3600);
            var victim = Command.start(
                    "worker",
                    "a",
                    "b",
                    "--demo",
                    "--concurrency",
                    "2",
                    "-n",
                    "w",
                    "--rescue-after",
                    "1",
                    "-u",
                    redis.url());
            try {
                await(a);
                await(b);
            } finally {
                victim.destroyForcibly().waitFor();
            }

            var next = worker(redis, "a", "--rescue", "fail");
            while (next.err().contains("an active worker named 'w'")) {
                next = worker(redis, "a", "--rescue", "fail"); // until the dead one has been silent for long enough
            }
            assertThat(next.exitCode()).isZero();
            assertThatThrownBy(a::await).hasMessageContaining("due to AbandonedJobError");

            assertThat(worker(redis, "b", "--max-rescues", "0").exitCode()).isZero();
            assertThatThrownBy(b::await).hasMessageContaining("AbandonedJobError: worker w died while it ran job");
        }
    }

    private static Command.Result worker(EmbeddedRedis redis, String queue, String option, String value) {
        return Command.run("worker", queue, "--demo", "--burst", "-n", "w", option, value, "-u", redis.url());
    }

    private static void await(Job<?> job) {
        while (job.status() != JobStatus.STARTED) {
            Thread.onSpinWait();
        }
    }
}
