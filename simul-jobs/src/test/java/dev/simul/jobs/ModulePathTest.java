package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in a module of its own needs to require nothing but ours. */
class ModulePathTest extends OnRedis {
    private static final List<String> NEEDED = List.of(
            "simul-core",
            "simul-process",
            "simul-jobs",
            "lettuce",
            "netty",
            "jackson",
            "reactor",
            "reactive-streams",
            "pickle",
            "redis-authx",
            "jspecify");

    private static final String DESCRIPTOR =
            "module app { requires dev.simul.jobs; opens app to dev.simul.jobs, tools.jackson.databind; }";

    private static final String PROGRAM = """
            package app;
            import dev.simul.jobs.*;
            public class Main {
                record Pair(int a, int b) {}
                @SimulJob("app.sum") static int sum(Pair pair) { return pair.a() + pair.b(); }
                public static void main(String[] url) throws Exception {
                    if (url.length > 1) {
                        Worker.on(url[0]).functions(Main.class).burst(true).build().run();
                        return;
                    }
                    try (var jobs = JobClient.connect(url[0])) {
                        var job = jobs.queue("default").enqueue(Main::sum, new Pair(2, 3));
                        Worker.on(url[0]).functions(Main.class).isolation(Isolation.PROCESS).burst(true).build().run();
                        System.out.println(job.await());
                        var next = jobs.queue("default").enqueue(Main::sum, new Pair(3, 4));
                        WorkerPool.of(1, Main.class, url[0], "as a worker").burst(true).run();
                        System.out.println(next.await());
                        jobs.queue("default").enqueue("app.sum", Integer.class, new closed.Pair(2, 3));
                    } catch (IllegalArgumentException e) {
                        System.out.println(e.getMessage());
                    }
                }
            }
            """;

    private static final String CLOSED = "package closed; public record Pair(int a, int b) {}";

    @TempDir
    private Path folder;

    private static String modules() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !entry.contains("test-classes") && NEEDED.stream().anyMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String write(String file, String text) throws IOException {
        var path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text).toString();
    }

    @Test
    void jobsRunFromTheModulePathAndWhatAModuleKeepsToItselfIsNamed() throws Exception {
        var classes = folder.resolve("classes").toString();
        var sources = List.of(
                write("module-info.java", DESCRIPTOR),
                write("app/Main.java", PROGRAM),
                write("closed/Pair.java", CLOSED));
        var arguments = new ArrayList<>(List.of("-d", classes, "--module-path", modules()));
        arguments.addAll(sources);
        var javac = ToolProvider.findFirst("javac").orElseThrow();
        assertThat(javac.run(System.out, System.err, arguments.toArray(String[]::new)))
                .isZero();

        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var path = classes + File.pathSeparator + modules();
        var process = new ProcessBuilder(java, "--module-path", path, "-m", "app/app.Main", redis.url())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output)
                .isEqualTo(
                        "5\n7\nJSON cannot express the arguments of app.sum: closed.Pair is not accessible: let module app"
                                + " open closed to tools.jackson.databind\n");
    }
}
