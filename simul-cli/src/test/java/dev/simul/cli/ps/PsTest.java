package dev.simul.cli.ps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.Simul;
import dev.simul.cli.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code simul ps} and {@code simul pstree} on JVMs that have prepared nothing. */
class PsTest {

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private static Process hungry;

    @BeforeAll
    static void start() throws IOException {
        hungry = philosophers("hungry", "-cp", CLASS_PATH);
    }

    @AfterAll
    static void end() throws InterruptedException {
        kill(hungry);
    }

    @Test
    void psHasALineForEachTask() {
        var result = Command.run("ps", pid(hungry));

        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .anyMatch(line -> line.matches("LOOP +TASK +NAME +STATE +WAITS FOR +AWAITED BY +AT"))
                .anyMatch(line -> line.matches("1 +\\d+ +Plato +WAITING +Lock.* +Kant +\\S*Philosophers.eat\\(.*"))
                .anyMatch(line -> line.matches("1 +\\d+ +academy +WAITING +the clock, 1h5\\dm.*"));
    }

    @Test
    void pstreeDrawsWhoIsBelowWhomAndEndsWith1IfTasksWaitForEachOther() {
        var result = Command.run("pstree", pid(hungry));

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out())
                .containsPattern(
                        "── academy waits for the clock, [^\n]*\n[^─]*└── Task-\\d+ waits for the clock, 5\\dm")
                .containsPattern("── Plato waits for Lock[^─]*└── Kant waits for Lock[^─]*└── Plato \\(above\\)")
                .contains("deadlock: Plato waits for Lock[", ", Kant waits for Lock[");
    }

    @Test
    void jsonIsOneObjectThatNamesTheRing() {
        var result = Command.run("ps", "--json", pid(hungry));

        var json = JsonMapper.shared().readTree(result.out());
        assertThat(json.at("/loops/0/tasks")).hasSize(5);
        assertThat(json.at("/deadlocks/0")).hasSize(2);
        assertThat(json.at("/loops/0/tasks/1/name").stringValue()).isEqualTo("Plato");
    }

    @Test
    void aLoopThatIsHeldByAStepIsShownAllTheSame() throws Exception {
        var thinking = philosophers("thinking", "--add-opens", "java.base/java.lang=ALL-UNNAMED", "-cp", CLASS_PATH);
        try {
            var result = Command.run("pstree", pid(thinking));

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .contains("held by a step of Descartes, did not answer within 100 ms")
                    .containsPattern("── Descartes runs\n +at dev.simul.cli.ps.Philosophers.think")
                    .contains("academy waits for the clock");
        } finally {
            kill(thinking);
        }
    }

    @Test
    void simulMayBeOnTheModulePath() throws Exception {
        var core = Path.of(
                Simul.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var modular = philosophers(
                "peaceful", "--module-path", core.toString(), "--add-modules", "dev.simul", "-cp", CLASS_PATH);
        try {
            var result = Command.run("pstree", pid(modular));

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("academy waits for the clock");
        } finally {
            kill(modular);
        }
    }

    @Test
    void aJvmWithoutSimulIsRefusedWithTheReason(@TempDir Path folder) throws Exception {
        var source = folder.resolve("Other.java");
        Files.writeString(source, """
                class Other {
                    public static void main(String[] arguments) throws Exception {
                        System.out.println("ready");
                        Thread.sleep(Long.MAX_VALUE);
                    }
                }
                """);
        var other = started(List.of(java(), source.toString()));
        try {
            var result = Command.run("ps", pid(other));

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .startsWith("simul ps: process " + pid(other) + " has no Simul")
                    .contains("class path");
        } finally {
            kill(other);
        }
    }

    @Test
    void aJvmThatLetsNobodyAttachIsRefusedWithTheReason() throws Exception {
        var closed = philosophers("peaceful", "-XX:+DisableAttachMechanism", "-cp", CLASS_PATH);
        try {
            var result = Command.run("ps", pid(closed));

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("lets nobody attach", "-XX:+DisableAttachMechanism");
        } finally {
            kill(closed);
        }
    }

    @Test
    void aProcessThatIsNoJvmIsRefusedAndLeftAlone() throws Exception {
        var sleeper = new ProcessBuilder("sleep", "1000").start();
        try {
            var result = Command.run("pstree", pid(sleeper));

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .startsWith("simul pstree: process " + pid(sleeper) + " is no JVM")
                    .contains("JVMs of yours are");
            assertThat(sleeper.isAlive()).isTrue();
        } finally {
            kill(sleeper);
        }
    }

    @Test
    void aProcessThatIsNotThereIsRefused() throws Exception {
        var gone = new ProcessBuilder("true").start();
        gone.waitFor();

        var result = Command.run("ps", pid(gone));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("simul ps: there is no process " + pid(gone));
    }

    @Test
    void withoutAPidTheOptionIsNamed() {
        var result = Command.run("ps");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("simul ps: missing parameter: 'PID'");
    }

    private static Process philosophers(String mood, String... options) throws IOException {
        var command = new ArrayList<>(List.of(java()));
        command.addAll(List.of(options));
        command.add(Philosophers.class.getName());
        command.add(mood);
        return started(command);
    }

    /** Returns when it has said that it is ready. */
    private static Process started(List<String> command) throws IOException {
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var out = new BufferedReader(process.inputReader());
        assertThat(out.readLine()).isEqualTo("ready");
        return process;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String pid(Process process) {
        return Long.toString(process.pid());
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
