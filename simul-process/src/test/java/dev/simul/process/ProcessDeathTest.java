package dev.simul.process;

import static dev.simul.process.Eventually.busyChild;
import static dev.simul.process.Eventually.eventually;
import static dev.simul.process.Eventually.isDead;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child that dies, by its own doing, by the pool's, or by somebody else's. */
class ProcessDeathTest {
    @Test
    void aKilledChildFailsItsTaskAndNoOther(@TempDir Path directory) throws Exception {
        Path begun = directory.resolve("begun");
        try (var pool = ProcessPool.open(1)) {
            Task<Integer> victim = pool.submit(Work::sleepForAnHour, begun.toString());
            Task<Integer> bystander = pool.submit(Work::twice, 21);
            eventually(() -> Files.exists(begun));
            long pid = busyChild(pool).pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            assertThatThrownBy(victim::await)
                    .isInstanceOfSatisfying(ProcessDiedException.class, death -> {
                        assertThat(death.exitStatus().signal()).contains("SIGKILL");
                        assertThat(death.pid()).isEqualTo(pid);
                    })
                    .hasMessageContaining("killed by SIGKILL");
            assertThat(bystander.await()).isEqualTo(42);
            assertThat(pool.children())
                    .singleElement()
                    .satisfies(child -> assertThat(child.pid()).isNotEqualTo(pid));
        }
    }

    @Test
    void everyOtherTaskSurvivesADeath() {
        try (var pool = ProcessPool.open(2)) {
            List<Task<Integer>> tasks = IntStream.range(0, 20)
                    .mapToObj(i -> pool.submit(Work::exitOnFifth, i))
                    .collect(Collectors.toCollection(ArrayList::new));

            assertThatThrownBy(tasks.remove(5)::join).isInstanceOf(ProcessDiedException.class);
            assertThat(tasks.stream().map(Task::join)).hasSize(19);
        }
    }

    @Test
    void exitInATaskIsReportedWithItsCodeAndLastWords() {
        try (var pool = ProcessPool.open(1)) {
            assertThatThrownBy(() -> pool.submit(Work::exit, 7).await())
                    .isInstanceOfSatisfying(ProcessDiedException.class, death -> {
                        assertThat(death.exitStatus()).isEqualTo(new ExitStatus(7));
                        assertThat(death.exitStatus().signal()).isEmpty();
                        assertThat(death.lastLines()).containsExactly("leaving with 7");
                    })
                    .hasMessageMatching("(?s)Work::exit: child JVM \\d+ ended with exit code 7,.*leaving with 7");
        }
    }

    @Test
    void onlyTheLastLinesOfStandardErrorAreKept() {
        try (var pool = ProcessPool.open(1)) {
            assertThatThrownBy(() -> pool.submit(Work::exitAfterManyLines).await())
                    .isInstanceOfSatisfying(
                            ProcessDiedException.class,
                            death -> assertThat(death.lastLines())
                                    .hasSize(20)
                                    .startsWith("line 81")
                                    .endsWith("line 100"));
        }
    }

    @Test
    void aFullMemoryEndsTheChildAndSaysSo() {
        try (var pool = ProcessPool.builder().processes(1).jvmOptions("-Xmx32m").open()) {
            assertThatThrownBy(() -> pool.submit(Work::fillMemory).await())
                    .isInstanceOfSatisfying(
                            ProcessDiedException.class,
                            death -> assertThat(death.exitStatus().code()).isEqualTo(3))
                    .hasMessageContaining("java.lang.OutOfMemoryError");
            assertThat(pool.submit(Work::twice, 1).join()).isEqualTo(2);
        }
    }

    @Test
    void aTimeOutKillsTheChildForReal() {
        try (var pool = ProcessPool.builder()
                .processes(1)
                .taskTimeout(Duration.ofMillis(300))
                .open()) {
            assertThatThrownBy(() -> pool.submit(Work::spinForAnHour).await())
                    .isInstanceOf(TimeoutException.class)
                    .message()
                    .satisfies(message -> {
                        Matcher text = Pattern.compile("Work::spinForAnHour ran longer than taskTimeout = PT0.3S;"
                                        + " its child JVM (\\d+) was killed")
                                .matcher(message);
                        assertThat(text.matches()).as(message).isTrue();
                        assertThat(isDead(Long.parseLong(text.group(1)))).isTrue();
                    });
            assertThat(pool.submit(Work::twice, 1).join()).isEqualTo(2);
        }
    }

    @Test
    void cancellingARunningTaskKillsItsChildAndRefillsThePool() {
        try (var pool = ProcessPool.open(1)) {
            Task<Integer> task = pool.submit(Work::spinForAnHour);
            long pid = busyChild(pool).pid();

            assertThat(task.state()).isEqualTo(Task.State.RUNNING);
            assertThat(task.cancel("not needed")).isTrue();

            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
            eventually(() -> isDead(pid));
            assertThat(pool.submit(Work::twice, 1).join()).isEqualTo(2);
        }
    }

    @Test
    void cancellingAWaitingTaskDisturbsNobody() throws Exception {
        try (var pool = ProcessPool.open(1)) {
            Task<Long> running = pool.submit(Work::pid);
            Task<Integer> waiting = pool.submit(Work::spinForAnHour);
            waiting.cancel();
            Task<Long> next = pool.submit(Work::pid);

            assertThat(next.await()).isEqualTo(running.await());
        }
    }

    @Test
    void aChildTakesWhatItStartedWithIt() {
        try (var pool = ProcessPool.open(1)) {
            Task<Integer> task = pool.submit(Work::startSleepAndWait);
            ProcessHandle child = ProcessHandle.of(busyChild(pool).pid()).orElseThrow();
            eventually(() -> child.children().findAny().isPresent());
            ProcessHandle sleep = child.children().findAny().orElseThrow();
            task.cancel();

            eventually(() -> !sleep.isAlive());
        }
    }

    @Test
    void anIdleChildThatIsKilledCostsNoTask() throws Exception {
        try (var pool = ProcessPool.open(1)) {
            for (int i = 0; i < 3; i++) {
                long pid = pool.submit(Work::pid).await();
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();

                assertThat(pool.submit(Work::pid).await()).isNotEqualTo(pid);
            }
        }
    }

    @Test
    void anIdleChildIsReplacedBeforeItIsMissed() {
        try (var pool = ProcessPool.open(1)) {
            long pid = pool.awaitChildren().getFirst().pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();

            eventually(() -> pool.children().stream().anyMatch(child -> child.pid() != pid));
        }
    }

    @Test
    void aWrongJvmOptionIsToldToEveryTask() {
        try (var pool = ProcessPool.builder()
                .processes(1)
                .jvmOptions("-Xbogus")
                .name("odd")
                .open()) {
            assertThat(pool.awaitChildren()).isEmpty();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> pool.submit(Work::twice, 1).await())
                        .isInstanceOf(ProcessDiedException.class)
                        .hasMessageContaining("a child of odd could not start")
                        .hasMessageContaining("exit code 1")
                        .hasMessageContaining("Unrecognized option: -Xbogus");
            }
        }
    }

    @Test
    void aChildThatCannotStartIsToldToATaskThatKeepsTheCommonPoolBusy() throws Exception {
        var common = ForkJoinPool.commonPool();
        var busy = new CountDownLatch(1);
        for (int i = 1; i < common.getParallelism(); i++) {
            common.execute(() -> awaitQuietly(busy));
        }
        try (var pool = ProcessPool.builder()
                .processes(1)
                .jvmOptions("-Xbogus")
                .name("odd")
                .open()) {
            var asked = CompletableFuture.supplyAsync(() -> outcomeOf(pool), common);
            assertThat(asked.get(60, SECONDS)).contains("a child of odd could not start");
        } finally {
            busy.countDown();
        }
    }

    private static String outcomeOf(ProcessPool pool) {
        try {
            return "answer " + pool.submit(Work::twice, 1).await();
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
