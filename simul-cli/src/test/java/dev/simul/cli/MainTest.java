package dev.simul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chess --games 0 | --games must be between 1 and 1000000, was 0",
                "chess --games x | --games: 'x' is not a whole number",
                "chess --games | --games needs a value",
                "chess --games 2000 --moves 2000 | --games times --moves must be at most 1000000, was 2000 * 2000",
                "chess --master 5 | --master: '5' is not a duration; write 5s, 500ms, 1m30s or PT5S",
                "chess --opponent 90000d | --master and --opponent make this last longer than a hundred years",
                "chess --speed 10 | --speed is for --real; give both or none",
                "chess --mastr 5s | unknown option --mastr; did you mean --master?",
                "chess e4 | unexpected argument e4",
                "chess --html /no/such/folder/x.html | --html /no/such/folder/x.html cannot be written: there is no such folder",
                "worker | nothing to run: give --jobs CLASS,... or --demo",
                "worker --demo --concurrency 0 | --concurrency must be between 1 and 1000, was 0",
                "worker --jobs com.acme.Foo | no class com.acme.Foo; say where with --classpath",
                "worker --jobs com.acme.Foo --classpath target | no class com.acme.Foo on --classpath target",
                "worker --jobs com.acme.Foo --classpath nowhere.jar | --classpath: no file or folder nowhere.jar",
                "worker --jobs java.lang.String | java.lang.String has no static method annotated with @SimulJob",
                "worker --demo --redis nonsense | nonsense",
                "worker --demo --redis redis://127.0.0.1:1 | no Redis at 127.0.0.1:1",
                "cron jobs.json --time-zone Berlin | --time-zone: 'Berlin' is not a time zone; write one such as Europe/Berlin",
                "enqueue | missing parameter: 'FUNCTION'",
                "enqueue demo.add 2 --qeue x | unknown option --qeue; did you mean --queue",
                "enqueue demo.add --redis redis://127.0.0.1:1 | no Redis at 127.0.0.1:1",
                "enqueue demo.add --redis nonsense | nonsense",
                "chss | unknown command chss; did you mean chess",
                "empty --all default | --all or names of queues, not both",
            })
    void aBadCommandLineIsOneLineThatNamesItAndExitCode2(String arguments, String message) {
        var result = Command.run(arguments.split(" "));

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines().filter(line -> !line.endsWith(" serves default")))
                .singleElement()
                .asString()
                .startsWith("simul")
                .contains(message);
    }

    @Test
    void lettersThatTheLocaleLosesAreRefusedInsteadOfEnqueued() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder("sh", "-c", "exec \"$0\" \"$@\" \"$(printf '\\303\\274')\"", java, "-cp")
                .redirectErrorStream(true);
        process.command().addAll(List.of(System.getProperty("java.class.path"), Main.class.getName(), "enqueue", "f"));
        process.environment().put("LC_ALL", "C");
        var started = process.start();

        assertThat(new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("has letters that the locale (of ANSI_X3.4-1968) does not know; set LC_ALL=C.UTF-8");
        assertThat(started.waitFor()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void verboseShowsTheTrace() {
        var result = Command.run("enqueue", "--verbose", "demo.add", "--redis", "redis://127.0.0.1:1");

        assertThat(result.err()).contains("RedisUnavailableException").contains("\tat dev.simul");
    }

    @Test
    void withoutACommandItNamesThemAll() {
        assertThat(Command.run())
                .isEqualTo(new Command.Result(
                        ExitCode.USAGE,
                        "",
                        "simul: say which command: compare, chess, worker, worker-pool, enqueue, scheduler, cron,"
                                + " info, empty, requeue, suspend, resume, stop, ps, pstree; see simul --help\n"));
    }

    @Test
    void helpGoesToStdoutAndNamesEveryCommand() {
        var result = Command.run("--help");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("chess", "worker", "enqueue", "130").doesNotContain("rehearse");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void everyCommandHasHelpAndVersion() {
        for (var command : new String[] {"chess", "worker", "enqueue"}) {
            assertThat(Command.run(command, "--help").exitCode()).isZero();
            assertThat(Command.run(command, "--version").out()).startsWith("simul ");
        }
    }

    @Test
    void theRehearsalOfTheLauncherSucceedsInSilence() {
        assertThat(Command.run("rehearse")).isEqualTo(new Command.Result(0, "", ""));
    }
}
