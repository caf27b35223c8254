package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands beside the real rq, in the virtual environment that the tests of simul-jobs have set up. */
class PythonDemoTest {
    private static final Path ENVIRONMENTS = Path.of("..", "simul-jobs", "target");
    private static final Path MODULES = Path.of("src/test/resources/python");

    @Test
    void theDemoWorkerRunsWhatPythonEnqueuedAndPythonReadsTheResult() throws Exception {
        var bin = environment();
        try (var redis = EmbeddedRedis.start()) {
            var id = python(bin, redis, "print(queue.enqueue('demo.add', 2, 3).id)");

            assertThat(Command.run("worker", "--demo", "--burst", "--redis", redis.url())
                            .exitCode())
                    .isZero();

            assertThat(python(bin, redis, "print(queue.fetch_job('" + id + "').return_value())"))
                    .isEqualTo("5");
        }
    }

    @Test
    void aPythonWorkerRunsWhatTheCommandEnqueuedAndWaitsFor() throws Exception {
        var bin = environment();
        try (var redis = EmbeddedRedis.start()) {
            var worker = start(List.of(
                            bin.resolve("rq").toString(),
                            "worker",
                            "--url",
                            redis.url(),
                            "--serializer",
                            "rq.serializers.JSONSerializer",
                            "--worker-class",
                            "rq.SimpleWorker"))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                var sum = Command.run("enqueue", "demo.add", "2", "3", "--wait", "--redis", redis.url());

                assertThat(sum.out().strip()).isEqualTo("5");
            } finally {
                worker.destroyForcibly().waitFor();
            }
        }
    }

    /** The folder of its programs. Only outside of CI may it be missing. */
    private static Path environment() throws IOException {
        try (var found = Files.newDirectoryStream(ENVIRONMENTS, "rq-*")) {
            for (var environment : found) {
                if (Files.exists(environment.resolve("complete"))) {
                    return environment.resolve("bin").toAbsolutePath();
                }
            }
        }
        var why = "there is no rq: run the tests of simul-jobs first, they install it";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(why);
        }
        return abort(why);
    }

    private static String python(Path bin, EmbeddedRedis redis, String step) throws Exception {
        var script = """
                from redis import Redis
                from rq import Queue
                from rq.serializers import JSONSerializer
                queue = Queue(connection=Redis.from_url('%s'), serializer=JSONSerializer)
                %s
                """.formatted(redis.url(), step);
        var process =
                start(List.of(bin.resolve("python").toString(), "-c", script)).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    private static ProcessBuilder start(List<String> command) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", MODULES.toAbsolutePath().toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        return builder;
    }
}
