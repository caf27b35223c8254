package dev.simul.process;

import static dev.simul.process.Eventually.eventually;
import static dev.simul.process.Eventually.isDead;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole application of its own, which is then killed, or ends without closing its pool. */
class NoOrphanIsLeftTest {
    /** An application with one idle child and one that is busy and has started a process itself. */
    static final class Application {
        private Application() {}

        public static void main(String[] arguments) throws Exception {
            var pool = ProcessPool.open(2);
            var _ = pool.submit(Work::startSleepAndWait);
            pool.awaitChildren();
            ProcessHandle busy =
                    ProcessHandle.of(Eventually.busyChild(pool).pid()).orElseThrow();
            eventually(() -> busy.children().findAny().isPresent());
            pool.children().forEach(child -> System.out.println(child.pid()));
            System.out.println(busy.children().findAny().orElseThrow().pid());
            System.out.println("ready");
            if (arguments[0].equals("stay")) {
                Thread.currentThread().join();
            }
        }
    }

    @Test
    void childrenDieWithTheirParentHoweverItDies(@TempDir Path directory) throws Exception {
        Process application = start(directory, "stay");
        List<Long> pids = family(application);
        assertThat(pids).hasSize(3).noneMatch(Eventually::isDead);
        application.destroyForcibly();

        eventually(() -> pids.stream().allMatch(Eventually::isDead));
    }

    @Test
    void anOpenPoolDoesNotKeepItsJvmAlive(@TempDir Path directory) throws Exception {
        Process application = start(directory, "leave");
        List<Long> pids = family(application);

        assertThat(application.waitFor()).isZero();
        eventually(() -> pids.stream().allMatch(pid -> isDead(pid)));
    }

    // From a jar that only names others, as surefire and start scripts for long class paths do.
    private static Process start(Path directory, String argument) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Application.class.getName());
        var entries = new ArrayList<String>();
        for (Path entry : ClassPath.with(List.of())) {
            entries.add(entry.toUri().toString());
        }
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", entries));
        Path jar = directory.resolve("application.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return new ProcessBuilder(ChildCommand.java(), "-jar", jar.toString(), argument)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<Long> family(Process application) throws IOException {
        var pids = new ArrayList<Long>();
        BufferedReader lines = application.inputReader();
        for (String line = lines.readLine(); line != null && !line.equals("ready"); line = lines.readLine()) {
            pids.add(Long.valueOf(line));
        }
        return pids;
    }
}
