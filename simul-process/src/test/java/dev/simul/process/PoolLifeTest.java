package dev.simul.process;

import static dev.simul.process.Eventually.busyChild;
import static dev.simul.process.Eventually.eventually;
import static dev.simul.process.Eventually.isDead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From opening a pool to closing it. */
class PoolLifeTest {
    @Test
    void childrenTellTheirStartUpTimeAndHowMuchTheyDid() {
        try (var pool = ProcessPool.open(2)) {
            assertThat(pool.awaitChildren()).hasSize(2).allSatisfy(child -> {
                assertThat(child.startup()).isBetween(Duration.ofMillis(5), Duration.ofMinutes(1));
                assertThat(child.tasksDone()).isZero();
                assertThat(child.busy()).isFalse();
            });
            pool.map(Work::twice, List.of(1, 2, 3));

            assertThat(pool.children().stream()
                            .mapToLong(ChildProcess::tasksDone)
                            .sum())
                    .isEqualTo(3);
        }
    }

    @Test
    void closingWaitsForWhatWasSubmitted(@TempDir Path directory) throws Exception {
        Path signal = directory.resolve("go");
        var pool = ProcessPool.open(1);
        Task<Integer> running = pool.submit(Work::waitForFile, signal.toString());
        Task<Integer> waiting = pool.submit(Work::twice, 2);
        long pid = busyChild(pool).pid();
        var closer = Thread.ofPlatform().start(pool::close);
        eventually(() -> closer.getState() == Thread.State.WAITING);
        Files.createFile(signal);
        closer.join();

        assertThat(running.state()).isEqualTo(Task.State.DONE);
        assertThat(waiting.await()).isEqualTo(4);
        assertThat(isDead(pid)).isTrue();
        assertThat(pool.children()).isEmpty();
        pool.close();
    }

    @Test
    void aClosedPoolRefusesTasks() {
        var pool = ProcessPool.builder().processes(1).name("small").open();
        pool.close();

        assertThatThrownBy(() -> pool.submit(Work::twice, 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("small is closed and takes no more tasks; open another pool");
    }

    @Test
    void shuttingDownCancelsWhatRunsAndWhatWaits() {
        try (var pool = ProcessPool.open(1)) {
            Task<Integer> running = pool.submit(Work::spinForAnHour);
            List<Task<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                waiting.add(pool.submit(Work::twice, i));
            }
            long pid = busyChild(pool).pid();
            pool.shutdownNow();

            assertThat(running.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(waiting).allSatisfy(task -> assertThat(task.state()).isEqualTo(Task.State.CANCELLED));
            eventually(() -> isDead(pid));
        }
    }

    @Test
    void anInterruptedCloseShutsDown() throws Exception {
        var pool = ProcessPool.open(1);
        Task<Integer> endless = pool.submit(Work::spinForAnHour);
        busyChild(pool);
        var closer = Thread.ofPlatform().start(pool::close);
        eventually(() -> closer.getState() == Thread.State.WAITING);
        closer.interrupt();
        closer.join();

        assertThat(endless.state()).isEqualTo(Task.State.CANCELLED);
    }

    @Test
    void aChildIsReplacedAfterItsShareOfTasks() {
        try (var pool = ProcessPool.builder().processes(1).tasksPerChild(2).open()) {
            List<Long> pids = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                pids.add(pool.submit(Work::pid).join());
            }

            assertThat(pids.get(0)).isEqualTo(pids.get(1)).isNotEqualTo(pids.get(2));
            assertThat(pids.get(2)).isEqualTo(pids.get(3)).isNotEqualTo(pids.get(4));
            assertThat(isDead(pids.getFirst())).isTrue();
        }
    }

    @Test
    void aRunningChildHasNothingInTheFileSystemNorSecretsOnItsCommandLine() {
        try (var pool = ProcessPool.open(1)) {
            long pid = pool.awaitChildren().getFirst().pid();
            String[] arguments =
                    ProcessHandle.of(pid).orElseThrow().info().arguments().orElseThrow();

            assertThat(arguments).singleElement().asString().startsWith("@");
            assertThat(Path.of(arguments[0].substring(1)).getParent()).doesNotExist();
        }
    }

    @Test
    void jvmOptionsReachTheChildren() throws Exception {
        try (var pool = ProcessPool.builder()
                .processes(1)
                .jvmOptions("-Dsimul.test=a \"quoted\" back\\slash", "-XX:+UseParallelGC")
                .open()) {
            assertThat(pool.submit(Work::property, "simul.test").await()).isEqualTo("a \"quoted\" back\\slash");
        }
    }

    @Test
    void settingsOutOfBoundsAreNamed() {
        assertThatThrownBy(() -> ProcessPool.open(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("processes must be between 1 and 1000, was 0");
        assertThatThrownBy(() -> ProcessPool.builder().tasksPerChild(-1))
                .hasMessageStartingWith("tasksPerChild must be between 1 and ");
        assertThatThrownBy(() -> ProcessPool.builder().taskTimeout(Duration.ZERO))
                .hasMessage("taskTimeout must be longer than 0, was PT0S");
    }
}
