package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A failure that crosses an await shows both sides of it, as asyncio's traceback does. */
class TracebackTest {

    @Test
    void bodySeamAwaiterAndTheCallerOfRunAreInOneTrace() {
        var error = catchThrowable(() -> run(() -> {
            var task = spawn("fetch", () -> failing());
            awaitIt(task);
        }));

        assertThat(lines(error))
                .containsSubsequence(
                        "failing",
                        "fetch(awaited by Task-N)",
                        "awaitIt",
                        "Task-N(awaited by thread main)",
                        "bodySeamAwaiterAndTheCallerOfRunAreInOneTrace");
        assertThat(error.getCause()).isNull();
        assertThat(error.getSuppressed()).isEmpty();
    }

    @Test
    void framesOfTheKernelAreLeftOut() {
        var error = catchThrowable(() -> run(() -> spawn(() -> failing()).await()));

        assertThat(error.getStackTrace())
                .extracting(StackTraceElement::getClassName)
                .noneMatch(name -> name.equals(LoopTask.class.getName())
                        || name.equals(EventLoop.class.getName())
                        || name.startsWith("java.lang.VirtualThread")
                        || name.contains("Strand"));
    }

    @Test
    void eachAwaitOfAChainAddsASeam() {
        var error = catchThrowable(() -> run(() -> {
            var inner = spawn("inner", () -> failing());
            var middle = spawn("middle", () -> awaitIt(inner));
            var outer = spawn("outer", () -> awaitIt(middle));
            outer.await();
        }));

        assertThat(lines(error))
                .containsSubsequence(
                        "failing",
                        "inner(awaited by middle)",
                        "awaitIt",
                        "middle(awaited by outer)",
                        "awaitIt",
                        "outer(awaited by Task-N)");
    }

    @Test
    void awaitingAgainAndAgainDoesNotMakeItLonger() throws Exception {
        run(() -> {
            var task = spawn("fetch", () -> failing());
            List<Integer> lengths = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                var error = catchThrowable(() -> awaitIt(task));
                lengths.add(error.getStackTrace().length);
            }
            assertThat(lengths.subList(1, 10)).containsOnly(lengths.getFirst());
        });
    }

    @Test
    void ofSeveralAwaitersTheLastIsShown() throws Exception {
        run(() -> {
            var task = spawn("fetch", () -> failing());
            for (int i = 0; i < 50; i++) {
                assertThatThrownBy(() -> spawn("awaiter", () -> awaitIt(task)).await())
                        .hasMessage("on purpose");
            }
            var last = spawn("the last", () -> awaitIt(task));
            var error = catchThrowable(() -> last.await());

            assertThat(lines(error))
                    .containsSubsequence("fetch(awaited by the last)", "awaitIt", "the last(awaited by Task-N)")
                    .noneMatch(line -> line.contains("awaiter"));
        });
    }

    @Test
    void anEndlessChainDoesNotGrowWithoutBound() throws Exception {
        run(() -> {
            Task<Integer> task = spawn("0", () -> failing());
            for (int i = 1; i < 100; i++) {
                var before = task;
                task = spawn("" + i, () -> awaitIt(before));
            }
            var last = task;
            var error = catchThrowable(() -> last.await());

            assertThat(lines(error).stream().filter(line -> line.contains("(awaited by ")))
                    .hasSize(16)
                    .startsWith("0(awaited by 1)");
        });
    }

    @Test
    void aGroupsFailureShowsWhereItWasJoined() {
        var error = catchThrowable(() -> run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> failing());
                joinIt(group);
            }
        }));

        assertThat(lines(error)).containsSubsequence("failing", "of a group(awaited by Task-N)", "joinIt");
    }

    @Test
    void aFailureOutOfGatherShowsWhoGathered() {
        var error = catchThrowable(() -> run(() -> {
            gather(() -> failing(), () -> 1);
        }));

        assertThat(lines(error))
                .containsSubsequence(
                        "failing", "gather of 2(awaited by Task-N)", "lambda$aFailureOutOfGatherShowsWhoGathered$1");
    }

    @Test
    void aThreadThatWaitsIsShownToo() throws Exception {
        run(() -> {
            var task = spawn("fetch", () -> failing());
            assertThatThrownBy(() -> task.await()).hasMessage("on purpose");
            var seen = new ArrayList<String>();
            var thread =
                    Thread.ofPlatform().name("T").start(() -> seen.addAll(lines(catchThrowable(() -> awaitIt(task)))));
            thread.join();
            assertThat(seen).containsSubsequence("failing", "fetch(awaited by thread T)", "awaitIt");
        });
    }

    @Test
    void inDebugModeTheSpawnSiteIsShown() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.debug(true);
            var error = catchThrowable(() -> loop.run(() -> awaitIt(spawnIt())));

            assertThat(lines(error))
                    .containsSubsequence(
                            "failing", "fetch(spawned by Task-N)", "spawnIt", "fetch(awaited by Task-N)", "awaitIt");
        }
    }

    @Test
    void inDebugModeAFailureNobodySawIsReportedWithItsSpawnSite() throws Exception {
        List<ErrorContext> reports = new ArrayList<>();
        try (var loop = EventLoop.open()) {
            loop.debug(true);
            loop.onError(reports::add);
            loop.run(() -> {
                spawnIt();
                sleep(Duration.ZERO);
                return 1;
            });
        }

        var error = reports.getFirst().exception();
        assertThat(lines(error)).containsSubsequence("failing", "fetch(spawned by Task-N)", "spawnIt");
    }

    @Test
    void anExceptionWithoutAStackTraceStaysWithout() throws Exception {
        run(() -> {
            var task = spawn(() -> {
                throw new Bare();
            });
            assertThat(catchThrowable(() -> task.await()).getStackTrace()).isEmpty();
        });
    }

    private static final class Bare extends Exception {
        private static final long serialVersionUID = 1;

        Bare() {
            super("bare", null, false, false);
        }
    }

    private static int failing() {
        throw new IllegalStateException("on purpose");
    }

    private static int awaitIt(Task<Integer> task) throws Exception {
        return task.await();
    }

    private static void joinIt(TaskGroup<Integer> group) throws Exception {
        group.join();
    }

    private static Task<Integer> spawnIt() {
        return spawn("fetch", () -> failing());
    }

    private static List<String> lines(@Nullable Throwable error) {
        return Stream.of(Objects.requireNonNull(error).getStackTrace())
                .map(frame -> frame.getMethodName() + "(" + frame.getFileName() + ")")
                .map(line -> line.replace("(TracebackTest.java)", "").replaceAll("Task-\\d+", "Task-N"))
                .toList();
    }
}
