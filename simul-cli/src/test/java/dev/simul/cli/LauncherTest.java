package dev.simul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher {@code ./simul} in a repository of one class, built by a script in place of Maven, which takes a second
 * instead of a minute. JDK, jar and AOT cache are real. PATH holds nothing but what the launcher may use.
 */
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "bash",
            "cat",
            "cp",
            "date",
            "dirname",
            "env",
            "find",
            "head",
            "ln",
            "ls",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "stty",
            "tail",
            "tee",
            "touch");
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    @TempDir
    private Path folder;

    private Path root;
    private Path source;
    private Path path;

    @BeforeEach
    void layOut() throws IOException {
        root = folder.resolve("a repository");
        path = Files.createDirectories(folder.resolve("path"));
        for (var tool : TOOLS) {
            script(path.resolve(tool), "exec " + which(tool) + " \"$@\"");
        }
        var launcher = Path.of("..").toAbsolutePath().normalize();
        Files.createDirectories(root.resolve("bin"));
        Files.copy(launcher.resolve("simul"), root.resolve("simul"));
        Files.copy(launcher.resolve("bin/find-jdk"), root.resolve("bin/find-jdk"));
        Files.createFile(root.resolve("pom.xml"));
        source =
                Files.createDirectories(root.resolve("simul-cli/src/main/java")).resolve("Main.java");
        program("one");
    }

    @Test
    void itBuildsOnceAndLeavesStdoutToTheProgram() throws Exception {
        installMaven("");

        var first = simul("a", "b c").run();
        var second = simul("x").run();

        assertThat(first.out()).isEqualTo("one [a, b c]\n");
        assertThat(first.err()).contains("building with Java", "[1/1] The only module", "preparing a fast start");
        assertThat(second).isEqualTo(new Command.Result(7, "one [x]\n", ""));
    }

    @Test
    void aChangedSourceIsBuiltAnewAndADeletedOneIsNoticed() throws Exception {
        installMaven("");
        simul().run();

        program("two");
        assertThat(simul().run().out()).isEqualTo("two []\n");

        var other = source.resolveSibling("Other.java");
        Files.createFile(other);
        simul().run();
        Files.delete(other);
        assertThat(simul().run().err()).contains("building");
    }

    @Test
    void itWorksFromAnotherFolderThroughASymbolicLink() throws Exception {
        installMaven("");
        var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("a repository", "simul"));

        assertThat(new Launch(List.of(link.toString(), "x"))
                        .with("JAVA_HOME", JDK.toString())
                        .in(path)
                        .run()
                        .out())
                .isEqualTo("one [x]\n");
    }

    @Test
    void firstUsesAtTheSameTimeBuildOnce() throws Exception {
        installMaven("");
        var first = simul("1").start();
        var second = simul("2").start();

        assertThat(List.of(result(first).out(), result(second).out())).containsExactly("one [1]\n", "one [2]\n");
        assertThat(Files.readAllLines(root.resolve("builds"))).hasSize(1);
    }

    @Test
    void aLockWhoseHolderIsGoneIsTakenAway() throws Exception {
        installMaven("");
        var gone = new ProcessBuilder("true").start();
        gone.waitFor();
        var builds = Files.createDirectories(root.resolve("simul-cli/target/builds"));
        Files.createSymbolicLink(builds.resolve("lock"), Path.of(String.valueOf(gone.pid())));

        assertThat(simul().run().out()).isEqualTo("one []\n");
    }

    @Test
    void aBuildThatFailsShowsTheEndOfItsLogAndExitCode2() throws Exception {
        installMaven("echo '[ERROR] Main.java:[1,1] ; expected'; exit 1");

        var result = simul().run();

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("[ERROR] Main.java:[1,1] ; expected", "the build failed", "build.log");
    }

    @Test
    void withoutMavenItSaysHowToGetOne() throws Exception {
        var result = simul().run();

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("no mvn on the PATH", "brew install maven");
    }

    @Test
    void withoutAJdkItSaysWhatItFoundWhereAndHowToGetOne() throws Exception {
        var old = jdk("old", "21.0.2", true);
        var jre = jdk("jre", "25.0.1", false);

        var result = new Launch(List.of(root.resolve("simul").toString(), "chess"))
                .with("JAVA_HOME", old.toString())
                .with("SIMUL_JDK_FOLDERS", folder.resolve("jdks").toString())
                .run();

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("needs a JDK 25 or newer")
                .contains("JAVA_HOME, " + old + ": Java 21.0.2")
                .contains(jre + ": Java 25.0.1 without a compiler (a JRE)")
                .contains("https://adoptium.net");
    }

    @Test
    void ofSeveralJdksTheNewestIsTaken() throws Exception {
        jdk("old", "21.0.2", true);
        jdk("newer", "25.0.1", true);
        jdk("newest", "26-ea", true);

        var result = new Launch(List.of("bash", "-c", ". bin/find-jdk; find_jdk && echo ${JAVA_HOME##*/} $jdk_version"))
                .in(root)
                .with("JAVA_HOME", "")
                .with("SIMUL_JDK_FOLDERS", folder.resolve("jdks").toString())
                .run();

        assertThat(result.out()).isEqualTo("newest 26-ea\n");
    }

    private Path jdk(String name, String version, boolean compiler) throws IOException {
        var home = Files.createDirectories(folder.resolve("jdks").resolve(name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), "exit 99");
        if (compiler) {
            script(home.resolve("bin/javac"), "exit 99");
        }
        return home;
    }

    /** A program that prints its name and arguments. Its time is ahead, for file systems that count in seconds. */
    private void program(String name) throws IOException {
        Files.writeString(source, """
                class Main {
                    public static void main(String[] args) {
                        if (args.length == 1 && args[0].equals("rehearse")) return;
                        System.out.println("%s " + java.util.List.of(args));
                        System.exit(args.length == 1 ? 7 : 0);
                    }
                }
                """.formatted(name));
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusMillis(5)));
    }

    private void installMaven(String before) throws IOException {
        script(path.resolve("mvn"), """
                cd "%s"; echo build >>builds; echo '[INFO] Building The only module      [1/1]'
                %s
                "$JAVA_HOME/bin/javac" -d simul-cli/target/classes simul-cli/src/main/java/Main.java || exit 1
                "$JAVA_HOME/bin/jar" --create --file simul-cli/target/simul.jar --main-class Main -C simul-cli/target/classes .
                """.formatted(root, before));
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path which(String tool) {
        for (var directory : List.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            var file = Path.of(directory, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException("no " + tool + " on this machine");
    }

    private Launch simul(String... arguments) {
        var command = new ArrayList<>(List.of(root.resolve("simul").toString()));
        command.addAll(List.of(arguments));
        return new Launch(command).with("JAVA_HOME", JDK.toString());
    }

    private static Command.Result result(Process process) throws Exception {
        var err = process.errorReader(StandardCharsets.UTF_8);
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        var said = new StringBuilder();
        err.lines().forEach(line -> said.append(line).append('\n'));
        return new Command.Result(process.waitFor(), out, said.toString());
    }

    /** A command with the PATH of these tests. */
    private final class Launch {
        private final ProcessBuilder builder;

        Launch(List<String> command) {
            builder = new ProcessBuilder(command);
            builder.environment().put("PATH", path.toString());
            builder.environment()
                    .put("SIMUL_JDK_FOLDERS", folder.resolve("jdks").toString());
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.startsWith("JAVA_HOME") || name.startsWith("JDK_JAVA"));
        }

        Launch with(String variable, String value) {
            builder.environment().put(variable, value);
            return this;
        }

        Launch in(Path directory) {
            builder.directory(directory.toFile());
            return this;
        }

        Process start() throws IOException {
            return builder.start();
        }

        Command.Result run() throws Exception {
            return result(start());
        }
    }
}
