package dev.simul.benchmarks.chaos;

import dev.simul.jobs.Worker;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A worker in a JVM of its own, that can be killed and made to stand still. */
record ChaosWorker(String name, Process process) {
    private static final int CONCURRENCY = 10;

    static ChaosWorker start(String name, String url, String ledger, boolean scheduler, Path log) throws IOException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-D" + ChaosTasks.LEDGER + "=" + ledger,
                "-cp",
                System.getProperty("java.class.path"),
                ChaosWorker.class.getName(),
                name,
                url,
                String.valueOf(scheduler));
        return new ChaosWorker(
                name,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.to(log.toFile()))
                        .start());
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    public static void main(String[] args) throws InterruptedException {
        Worker.on(args[1])
                .name(args[0])
                .functions(ChaosTasks.class)
                .concurrency(CONCURRENCY)
                .scheduler(Boolean.parseBoolean(args[2]))
                .stopOnShutdown(Duration.ofSeconds(20))
                .build()
                .run();
    }
}
