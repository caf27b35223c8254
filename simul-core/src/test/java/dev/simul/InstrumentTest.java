package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** trio's instruments: what they are told, in which order, and what becomes of one that fails. */
class InstrumentTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void anInstrumentHearsOfRunsTasksAndSteps() throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            loop.addInstrument(new Recorder());
            loop.run(() -> {
                spawn("child", () -> sleep(Duration.ofSeconds(1))).await();
                return 1;
            });
        }

        assertThat(logOfFirstRun())
                .containsExactly(
                        "before run",
                        "spawned main",
                        "scheduled main",
                        "before main",
                        "spawned child",
                        "after main",
                        "scheduled child",
                        "before child",
                        "after child",
                        "scheduled child",
                        "before child",
                        "after child",
                        "exited child",
                        "scheduled main",
                        "before main",
                        "after main",
                        "exited main",
                        "after run");
    }

    @Test
    void anInstrumentHearsWhenTheLoopWaits() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.addInstrument(new Instrument() {
                @Override
                public void beforeWait(Duration atMost) {
                    log.add("waits " + atMost.isPositive());
                }

                @Override
                public void afterWait() {
                    log.add("goes on");
                }
            });
            loop.run(() -> {
                sleep(Duration.ofMillis(100)); // a busy machine may take some of it before the loop waits
                return 1;
            });
        }

        assertThat(log).startsWith("waits true", "goes on");
    }

    @Test
    void anInstrumentIsAddedOnceAndCanBeTakenOff() throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            var recorder = new Recorder();
            loop.addInstrument(recorder);
            loop.addInstrument(recorder);
            loop.run(() -> {
                assertThat(loop.removeInstrument(recorder)).isTrue();
                assertThat(loop.removeInstrument(recorder)).isFalse();
                sleep(Duration.ofSeconds(1));
                return 1;
            });
        }

        assertThat(log).containsExactly("before run", "spawned main", "scheduled main", "before main");
    }

    @Test
    void anInstrumentThatFailsIsTakenOffAndTheOthersStay() throws Exception {
        try (var messages = new LoggedMessages();
                var loop = EventLoop.open(new VirtualClock())) {
            loop.addInstrument(new Instrument() {
                @Override
                public void beforeTaskStep(Task<?> task) {
                    log.add("fails");
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public String toString() {
                    return "broken";
                }
            });
            loop.addInstrument(new Recorder());
            loop.run(() -> {
                sleep(Duration.ofSeconds(1));
                return 1;
            });

            assertThat(messages.messages()).containsExactly("instrument broken failed and was taken off its loop");
        }

        assertThat(logOfFirstRun()).containsOnlyOnce("fails").endsWith("exited main", "after run");
    }

    @Test
    void statisticsSayHowManyTasksCanRunAndWhenTheNextTimerIsDue() throws Exception {
        new VirtualTime().run(() -> {
            spawn(() -> sleep(Duration.ofSeconds(5)));
            sleep(Duration.ofSeconds(1));
            spawn(() -> 1);

            var statistics = Objects.requireNonNull(EventLoop.current()).statistics();
            assertThat(statistics.tasks()).isEqualTo(3);
            assertThat(statistics.ready()).isEqualTo(1);
            assertThat(statistics.blocked()).isZero();
            assertThat(statistics.nextTimer()).isEqualTo(Duration.ofSeconds(4));
        });
    }

    /** Closing a loop is a run, too. */
    private List<String> logOfFirstRun() {
        return log.subList(0, log.indexOf("after run") + 1);
    }

    private final class Recorder implements Instrument {
        @Override
        public void beforeRun(EventLoop loop) {
            log.add("before run");
        }

        @Override
        public void afterRun(EventLoop loop) {
            log.add("after run");
        }

        @Override
        public void taskSpawned(Task<?> task) {
            log.add("spawned " + name(task));
        }

        @Override
        public void taskScheduled(Task<?> task) {
            log.add("scheduled " + name(task));
        }

        @Override
        public void beforeTaskStep(Task<?> task) {
            log.add("before " + name(task));
        }

        @Override
        public void afterTaskStep(Task<?> task) {
            log.add("after " + name(task));
        }

        @Override
        public void taskExited(Task<?> task) {
            log.add("exited " + name(task));
        }

        private String name(Task<?> task) {
            return task.name().replaceAll("Task-\\d+", "main");
        }
    }
}
