package dev.simul.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Units say that they have begun by making a file, and end when a file called {@code go} is there. */
@Timeout(300)
class KilledInTheMiddleTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    private String command() {
        return "touch '" + folder + "'/{}; while test ! -e '" + folder + "/go'; do sleep 0.05; done; echo 1";
    }

    @Test
    void deadRedisFailsItsWayAndTheOthersStillRun() throws Exception {
        var run = start("--ways", "loop,jobs", "--concurrency", "2", "a", "b");
        Files.createFile(folder.resolve("go")); // for the loop …
        awaitProcess(ofJobs());
        Files.delete(folder.resolve("go"));
        Files.deleteIfExists(folder.resolve("a"));
        awaitFile("a"); // … and now a worker has begun
        kill(processes(named("redis-server")));

        var result = run.get();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.way("loop").get("status").asString()).isEqualTo("ok");
        var jobs = result.way("jobs");
        assertThat(jobs.get("status").asString()).isEqualTo("failed");
        assertThat(jobs.get("seconds").isNull()).isTrue();
        assertThat(jobs.get("errors").get(0).get("unit").isNull()).isTrue();
        assertThat(jobs.get("errors").get(0).get("message").asString())
                .matches("redis-server \\(process \\d+\\) ended in the middle");
    }

    @Test
    void deadWorkerFailsItsUnitAndTheOtherWorkerDoesTheRest() throws Exception {
        var run = start("--ways", "jobs", "--concurrency", "2", "a", "b", "c");
        awaitFile("a");
        awaitFile("b");
        kill(List.of(processes(ofJobs()).getFirst()));
        Files.createFile(folder.resolve("go"));

        var result = run.get();
        assertThat(result.exitCode()).isEqualTo(1);
        var jobs = result.way("jobs");
        assertThat(jobs.get("status").asString()).as(result.out()).isEqualTo("partial");
        assertThat(jobs.get("answer").asInt()).isEqualTo(2);
        assertThat(jobs.get("errors")).hasSize(1);
        assertThat(jobs.get("errors").get(0).get("message").asString())
                .contains("its worker died")
                .contains("KILL");
    }

    @Test
    void deadChildJvmFailsItsUnitAlone() throws Exception {
        var run = start("--ways", "processes", "--concurrency", "2", "a", "b", "c");
        awaitFile("a");
        awaitFile("b");
        kill(List.of(processes(named("java")).getFirst()));
        awaitFile("c");
        Files.createFile(folder.resolve("go"));

        var result = run.get();
        var row = result.way("processes");
        assertThat(row.get("status").asString()).as(result.out()).isEqualTo("partial");
        assertThat(row.get("answer").asInt()).isEqualTo(2);
        assertThat(row.get("errors")).hasSize(1);
        assertThat(row.get("errors").get(0).get("message").asString())
                .contains("child JVM")
                .contains("KILL");
    }

    @Test
    void nothingOutlivesAComparisonThatIsKilled() throws Exception {
        var comparison = inItsOwnJvm("--ways", "jobs");
        awaitFile("a");
        awaitFile("b");
        var family = comparison.descendants().toList();
        assertThat(family).hasSizeGreaterThan(5);
        comparison.destroyForcibly();
        for (var process : family) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
        assertThat(comparison.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void interruptShowsWhatIsKnownAndLeavesNothing() throws Exception {
        var comparison = inItsOwnJvm("--ways", "processes");
        awaitFile("a");
        awaitFile("b");
        var family = comparison.descendants().toList();
        new ProcessBuilder("kill", "-INT", Long.toString(comparison.pid()))
                .start()
                .waitFor();
        assertThat(comparison.waitFor()).isEqualTo(130);
        var shown =
                new CompareRun(130, new String(comparison.getInputStream().readAllBytes(), StandardCharsets.UTF_8), "");
        assertThat(shown.way("processes").get("errors").get(0).get("message").asString())
                .isEqualTo("interrupted after 0 of 2 units");
        for (var process : family) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    private CompletableFuture<CompareRun> start(String... arguments) {
        var all = new java.util.ArrayList<>(List.of("--exec", command(), "--json"));
        all.addAll(List.of(arguments));
        return CompletableFuture.supplyAsync(
                () -> CompareRun.of(all.toArray(String[]::new)),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    private Process inItsOwnJvm(String... arguments) throws IOException {
        var command = new java.util.ArrayList<>(List.of("env", "--default-signal=INT")); // a shell may have it ignored
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "dev.simul.cli.Main", "compare"));
        command.addAll(List.of("--exec", command(), "--json", "--concurrency", "2", "a", "b"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    private void awaitFile(String name) throws InterruptedException {
        while (!Files.exists(folder.resolve(name))) {
            Thread.sleep(20);
        }
    }

    private static void awaitProcess(Predicate<ProcessHandle> wanted) throws InterruptedException {
        while (processes(wanted).isEmpty()) {
            Thread.sleep(20);
        }
    }

    private static void kill(List<ProcessHandle> victims) {
        assertThat(victims)
                .isNotEmpty()
                .allSatisfy(victim -> assertThat(victim.destroyForcibly()).isTrue());
    }

    private static List<ProcessHandle> processes(Predicate<ProcessHandle> wanted) {
        return ProcessHandle.current().descendants().filter(wanted).toList();
    }

    private static Predicate<ProcessHandle> ofJobs() {
        return named("java", "UnitWorker");
    }

    /** A process whose program ends in a name and whose arguments contain a text. */
    private static Predicate<ProcessHandle> named(String program, String... texts) {
        return process -> process.info().command().orElse("").endsWith("/" + program)
                && List.of(texts).stream()
                        .allMatch(
                                text -> process.info().commandLine().orElse("").contains(text));
    }
}
