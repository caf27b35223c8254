package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.Command;
import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.ExceptionHandler;
import dev.simul.jobs.JobStatus;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ExceptionHandlerOptionTest {
    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();

    /** One as users write it. */
    static final class Noting implements ExceptionHandler {
        @Override
        public boolean handle(CurrentJob job, Throwable error) {
            return SEEN.add(job.status() + " " + error.getMessage());
        }
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static Command.Result worker(String handler) {
        return Command.run("worker", "--demo", "--burst", "--exception-handler", handler, "-d", "--redis", REDIS.url());
    }

    @Test
    void workerCallsTheHandlersItWasGiven() {
        var id = Command.run("enqueue", "demo.fail", "no way", "--redis", REDIS.url())
                .out()
                .strip();
        assertThat(worker(Noting.class.getName()).exitCode()).isZero();
        assertThat(SEEN).containsExactly(JobStatus.FAILED + " no way");
        assertThat(id).isNotEmpty();
    }

    @Test
    void whatIsNoHandlerIsRefusedByName() {
        var refused = worker("java.lang.String");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("java.lang.String does not implement dev.simul.jobs.ExceptionHandler");
        assertThat(worker("no.such.Handler").err()).contains("no class no.such.Handler");
    }
}
