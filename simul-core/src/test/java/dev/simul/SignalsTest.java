package dev.simul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Real signals to real JVMs (asyncio: the SIGINT protocol of Runner.run, add_signal_handler). */
class SignalsTest {

    @Test
    void ctrlCCancelsMainWhichCleansUpAndTheJvmEndsWith130() throws Exception {
        try (var program = new Program(CleansUp.class)) {
            program.awaitLine("ready");
            program.signal("INT");

            assertThat(program.rest()).containsExactly("cancelled: Ctrl-C", "cleaned up", "closed");
            assertThat(program.exitCode()).isEqualTo(130);
        }
    }

    static final class CleansUp {
        public static void main(String[] args) throws Exception {
            SignalHandler.load();
            try (AutoCloseable _ = () -> System.out.println("closed")) {
                Async.run(() -> {
                    try {
                        System.out.println("ready");
                        Async.sleep(Duration.ofHours(1));
                    } catch (CancelledError e) {
                        System.out.println("cancelled: " + e.reason());
                        throw e;
                    } finally {
                        Async.sleep(Duration.ofMillis(1));
                        System.out.println("cleaned up");
                    }
                });
            }
        }
    }

    @Test
    void secondCtrlCEndsTheJvmAtOnce() throws Exception {
        try (var program = new Program(RefusesToEnd.class)) {
            program.awaitLine("ready");
            program.signal("INT");
            program.awaitLine("refused");
            program.signal("INT");

            assertThat(program.rest()).containsExactly("shutdown hook");
            assertThat(program.exitCode()).isEqualTo(130);
        }
    }

    static final class RefusesToEnd {
        public static void main(String[] args) throws Exception {
            SignalHandler.load();
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().unstarted(() -> System.out.println("shutdown hook")));
            Async.run(() -> {
                System.out.println("ready");
                while (true) {
                    try {
                        Async.sleep(Duration.ofHours(1));
                    } catch (CancelledError e) {
                        System.out.println("refused");
                    }
                }
            });
        }
    }

    /** One JVM, many signals: each part says that it is ready, gets Ctrl-C, and says what came of it. */
    @Test
    void ctrlCOnEveryKindOfMain() throws Exception {
        try (var program = new Program(ManyMains.class)) {
            program.awaitLine("busy");
            program.signal("INT");
            program.awaitLine("KeyboardInterrupt: Ctrl-C");

            program.awaitLine("waits for a promise");
            program.signal("INT");
            program.awaitLine("KeyboardInterrupt: Ctrl-C");

            program.awaitLine("is cancelled by somebody else too");
            program.signal("INT");
            program.awaitLine("CancellationException");

            program.awaitLine("swallows it");
            program.signal("INT");
            program.awaitLine("returned 42");

            program.awaitLine("a loop of its own");
            program.signal("INT");
            program.awaitLine("KeyboardInterrupt: Ctrl-C");
            program.awaitLine("and again");
            program.signal("INT");
            program.awaitLine("KeyboardInterrupt: Ctrl-C");

            program.awaitLine("the application's handler");
            program.signal("INT");
            program.awaitLine("heard by the application");
            program.awaitLine("returned 43");
            program.signal("INT");
            program.awaitLine("heard by the application");

            program.awaitLine("the loop's handler");
            program.signal("INT");
            program.awaitLine("heard in the loop, with its context");
            program.signal("TERM");
            program.awaitLine("removed: true, false");

            program.awaitLine("nothing of ours is left");
            program.signal("INT");
            assertThat(program.rest()).isEmpty();
            assertThat(program.exitCode()).isEqualTo(130);
        }
    }

    static final class ManyMains {
        public static void main(String[] args) throws Exception {
            SignalHandler.load();
            attempt(() -> Async.run(() -> {
                System.out.println("busy");
                while (true) {
                    Async.sleep(Duration.ZERO);
                }
            }));
            attempt(() -> Async.run(() -> {
                System.out.println("waits for a promise");
                return new Promise<>("never").await();
            }));
            attempt(() -> Async.run(() -> {
                var main = Objects.requireNonNull(Async.currentTask());
                System.out.println("is cancelled by somebody else too");
                try {
                    Async.sleep(Duration.ofHours(1));
                } catch (CancelledError e) {
                    main.cancel("by itself");
                    Async.sleep(Duration.ofHours(1));
                }
            }));
            attempt(() -> {
                int result = Async.run(() -> {
                    try {
                        System.out.println("swallows it");
                        Async.sleep(Duration.ofHours(1));
                    } catch (CancelledError e) {
                        return 42;
                    }
                    return 0;
                });
                System.out.println("returned " + result);
            });
            try (var loop = EventLoop.open()) {
                for (var words : List.of("a loop of its own", "and again")) {
                    attempt(() -> loop.run(() -> {
                        System.out.println(words);
                        Async.sleep(Duration.ofHours(1));
                    }));
                }
            }
            attempt(() -> ofTheApplication());
            attempt(() -> ofTheLoop());
            System.out.println("nothing of ours is left");
            new Promise<>("never").await();
        }

        private static void ofTheApplication() throws Exception {
            var heard = new Promise<Integer>("heard");
            var again = new Promise<Integer>("heard again");
            try (var _ = SignalHandler.install("INT", () -> {
                System.out.println("heard by the application");
                if (!heard.complete(43)) {
                    again.complete(1);
                }
            })) {
                int result = Async.run(() -> {
                    System.out.println("the application's handler");
                    return heard.await();
                });
                System.out.println("returned " + result);
                again.await();
            }
        }

        private static void ofTheLoop() throws Exception {
            var local = TaskLocal.<String>of("local");
            try (var loop = EventLoop.open()) {
                loop.run(() -> {
                    local.set("with its context");
                    loop.addSignalHandler("INT", () -> System.out.println("replaced"));
                    loop.addSignalHandler("INT", () -> {
                        var inTheLoop = EventLoop.current() == loop && Async.currentTask() == null;
                        System.out.println("heard " + (inTheLoop ? "in the loop" : "elsewhere") + ", " + local.get());
                    });
                    local.set("changed");
                    var stopped = new Promise<Integer>("TERM");
                    loop.addSignalHandler("TERM", () -> stopped.complete(1));
                    System.out.println("the loop's handler");
                    stopped.await();
                    System.out.println(
                            "removed: " + loop.removeSignalHandler("INT") + ", " + loop.removeSignalHandler("INT"));
                });
            }
        }

        @SuppressWarnings("CatchAndPrintStackTrace")
        private static void attempt(Action part) throws Exception {
            try {
                part.run();
            } catch (KeyboardInterrupt e) {
                System.out.println("KeyboardInterrupt: " + e.getMessage());
            } catch (CancellationException e) {
                System.out.println("CancellationException");
            }
        }
    }

    @Test
    void ctrlCCanBeLeftToTheJvm() throws Exception {
        try (var program = new Program(CleansUp.class, "-Dsimul.ctrl-c=off")) {
            program.awaitLine("ready");
            program.signal("INT");

            assertThat(program.rest()).isEmpty();
            assertThat(program.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void whereThePlatformRefusesARunGoesOnWithoutAHandler() throws Exception {
        try (var program = new Program(Refused.class, "-Xrs")) {
            assertThat(program.rest()).containsExactly("refused", "ran");
            assertThat(program.exitCode()).isZero();
        }
    }

    static final class Refused {
        public static void main(String[] args) throws Exception {
            try {
                SignalHandler.load();
            } catch (IllegalArgumentException e) {
                System.out.println("refused");
            }
            Async.run(() -> System.out.println("ran"));
        }
    }

    @Test
    void signalsThatCannotBeHandledAreNamed() {
        try (var loop = EventLoop.open()) {
            for (var signal : List.of("KILL", "STOP", "NOSUCH")) {
                assertThatThrownBy(() -> loop.addSignalHandler(signal, () -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(signal);
                assertThat(loop.removeSignalHandler(signal)).isFalse();
            }
        }
    }

    /** A main method in a JVM of its own. */
    private static final class Program implements AutoCloseable {

        private final Process process;
        private final BufferedReader output;

        Program(Class<?> main, String... options) throws IOException {
            var command = new ArrayList<>(List.of("env", "--default-signal=INT")); // a shell may have it ignored
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            command.addAll(List.of(options));
            if (Scheduler.current() == Scheduler.OWN) {
                command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
            } else {
                command.add("-Dsimul.scheduler=default");
            }
            command.add(main.getName());
            var builder = new ProcessBuilder(command);
            builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            builder.redirectErrorStream(true);
            process = builder.start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        void awaitLine(String line) throws IOException {
            assertThat(nextLine()).isEqualTo(line);
        }

        private String nextLine() throws IOException {
            String line;
            do {
                line = output.readLine();
            } while (line != null && isLog(line));
            return line == null ? "the end" : line;
        }

        private static boolean isLog(String line) {
            return line.contains("Scheduler$First") || line.startsWith("INFO: coroutines run on");
        }

        void signal(String name) throws IOException, InterruptedException {
            int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(status).isZero();
        }

        List<String> rest() {
            return output.lines().filter(line -> !isLog(line)).toList();
        }

        int exitCode() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
