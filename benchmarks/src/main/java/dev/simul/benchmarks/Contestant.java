package dev.simul.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A program that plays rows: Simul itself or one of its peers.
 *
 * @param name as in the table
 * @param command starts it, followed by the row's name and its task count
 * @param compiles whether it is slow until a compiler has seen its code, and so is warmed up for longer
 * @param missing why it cannot be started here, if it cannot
 */
record Contestant(String name, List<String> command, boolean compiles, Optional<String> missing) {
    /** What a JVM contestant is started with, all of them alike. */
    static final List<String> JVM_FLAGS =
            List.of("-Xms512m", "-Xmx4g", "--add-opens", "java.base/java.lang=ALL-UNNAMED");

    /**
     * Everybody, by name.
     *
     * @param built where {@code benchmarks/run} put the peers it made, and the reasons for those it could not make
     */
    static Map<String, Contestant> all(Path built) {
        var all = new TreeMap<String, Contestant>();
        add(all, jvm("simul", SimulRounds.class));
        add(all, jvm("bare-vt", BareThreadRounds.class));
        add(all, jvm("jdk-vt", JdkRounds.class));
        add(all, kotlin(built));
        add(
                all,
                external(
                        "go",
                        built,
                        built.resolve("go"),
                        List.of(built.resolve("go").toString()),
                        true));
        for (var loop : List.of("asyncio", "uvloop")) add(all, python(loop, loop, built));
        add(all, python("cpython", "asyncio", built));
        return all;
    }

    /** Everybody who works with jobs, by name. */
    static Map<String, Contestant> jobs(Path built) {
        var all = new TreeMap<String, Contestant>();
        add(all, jvm("simul", SimulJobs.class));
        var rq = built.resolve("rq/bin/python").toString();
        for (var worker : List.of("rq", "rq-simple"))
            add(all, external(worker, "rq", built, List.of(rq, jobScript("rq_jobs.py"), worker), false));
        add(
                all,
                external("asynq", "asynq", built, List.of(built.resolve("asynq").toString()), false));
        var bullmq = built.resolve("bullmq/jobs.js").toString();
        add(all, external("bullmq", "bullmq", built, List.of("node", bullmq), true));
        for (var peer : List.of("celery", "dramatiq")) {
            var python = built.resolve(peer + "/bin/python").toString();
            add(all, external(peer, peer, built, List.of(python, jobScript(peer + "_jobs.py")), false));
        }
        add(all, external("sidekiq", "sidekiq", built, List.of("ruby", jobScript("sidekiq_jobs.rb")), false));
        for (var peer : List.of("Jesque", "JobRunr", "DbScheduler")) {
            var command = java();
            var libraries = built.resolve("java-jobs-build/classes") + ":" + built.resolve("java-jobs-lib") + "/*";
            command.addAll(List.of("-cp", libraries, peer + "Jobs"));
            var name = peer.equals("DbScheduler") ? "db-scheduler" : peer.toLowerCase(Locale.ROOT);
            add(all, external(name, "java-jobs", built, command, true));
        }
        return all;
    }

    private static String jobScript(String name) {
        return System.getProperty("simul.benchmarks.peers") + "/jobs/" + name;
    }

    /** Made as {@code target}; what is there and has no note of a failure beside it can be started. */
    private static Contestant external(String name, String target, Path built, List<String> command, boolean compiles) {
        var reason = built.resolve(target + ".missing");
        var missing = Files.exists(reason) || !Files.exists(built.resolve(target + ".made"))
                ? Optional.of(firstLine(reason))
                : Optional.<String>empty();
        return new Contestant(name, command, compiles, missing);
    }

    private static void add(Map<String, Contestant> all, Contestant contestant) {
        all.put(contestant.name(), contestant);
    }

    private static Contestant jvm(String name, Class<?> main) {
        var command = java();
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return new Contestant(name, command, true, Optional.empty());
    }

    private static Contestant kotlin(Path built) {
        var classes = built.resolve("kotlin-build/classes");
        var command = java();
        command.addAll(List.of("-cp", classes + ":" + built.resolve("kotlin-lib") + "/*", "RoundsKt"));
        return external("kotlin", built, classes.resolve("RoundsKt.class"), command, true);
    }

    private static Contestant python(String name, String loop, Path built) {
        var python = built.resolve("python/bin/python");
        var script = System.getProperty("simul.benchmarks.peers") + "/python/rounds.py";
        return external(name, built, python, List.of(python.toString(), script, loop), false);
    }

    private static Contestant external(String name, Path built, Path made, List<String> command, boolean compiles) {
        var reason = built.resolve(name + ".missing");
        if (!Files.exists(reason) && Files.exists(made))
            return new Contestant(name, command, compiles, Optional.empty());
        return new Contestant(name, command, compiles, Optional.of(firstLine(reason)));
    }

    private static String firstLine(Path reason) {
        if (!Files.exists(reason)) return "not built";
        try (var lines = Files.lines(reason)) {
            return lines.findFirst().orElse("not built");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> java() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_FLAGS);
        return command;
    }
}
