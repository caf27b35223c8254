package dev.simul;

import static dev.simul.Async.on;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class VirtualClockTest {

    private final VirtualClock clock = new VirtualClock();
    private final List<String> log = new ArrayList<>();

    @Test
    void twelveHoursPassAtOnceAndExactly() throws Exception {
        onClock(() -> sleep(ofHours(12)));

        assertThat(clock.elapsed()).isEqualTo(ofHours(12));
    }

    @Test
    void masterPlays24BoardsByTurnsInAnHour() throws Exception {
        var masterDone = new ArrayList<Duration>();
        onClock(() -> {
            var ready = new ArrayDeque<Promise<Integer>>();
            try (var group = TaskGroup.<Integer>open()) {
                var wake = new ArrayList<Promise<Integer>>();
                for (int game = 0; game < 24; game++) {
                    group.fork(() -> {
                        for (int move = 0; move < 30; move++) {
                            var served = new Promise<Integer>("the master's move");
                            ready.add(served);
                            if (!wake.isEmpty()) {
                                wake.removeFirst().complete(1);
                            }
                            served.await();
                            sleep(ofSeconds(55));
                        }
                    });
                }
                for (int move = 0; move < 24 * 30; move++) {
                    if (ready.isEmpty()) {
                        var board = new Promise<Integer>("a board");
                        wake.add(board);
                        board.await();
                    }
                    sleep(ofSeconds(5));
                    ready.remove().complete(1);
                }
                masterDone.add(clock.elapsed());
                group.join();
            }
        });

        assertThat(masterDone).containsExactly(ofMinutes(60));
        assertThat(clock.elapsed()).isEqualTo(ofMinutes(60).plusSeconds(55));
    }

    @Test
    void timersOfTheSameTimeFireInTheOrderOfTheirCreation() throws Exception {
        onClock(() -> {
            for (var name : List.of("a", "b", "c")) {
                spawn(() -> {
                    sleep(ofSeconds(1));
                    log.add(name);
                });
            }
            sleep(ofSeconds(2));
        });

        assertThat(log).containsExactly("a", "b", "c");
    }

    @Test
    void clockStandsStillWhileOutsideWorkIsPending() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor()) {
            onClock(() -> {
                var work = on(executor, () -> Thread.sleep(50));
                var timer = spawn(() -> {
                    sleep(ofHours(1));
                    log.add("timer");
                });
                work.await();
                log.add("work at " + clock.elapsed());
                timer.await();
            });
        }

        assertThat(log).containsExactly("work at PT0S", "timer");
    }

    @Test
    void deadlockNamesTheTasksAndWhatTheyWaitFor() {
        assertThatThrownBy(() -> onClock(() -> {
                    var left = new Promise<Integer>("left fork");
                    var right = new Promise<Integer>("right fork");
                    spawn("Plato", () -> left.await());
                    spawn("Kant", () -> right.await()).await();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "deadlock: no task can run, no timer is set and no outside work is pending (what another thread"
                                + " completes must be made with Promise.outside)\n")
                .hasMessageContaining("Plato waits for left fork")
                .hasMessageContaining(" waits for task Kant\n")
                .hasMessageContaining("Kant waits for right fork")
                .hasMessageContaining("at dev.simul.VirtualClockTest.lambda");
    }

    @Test
    void mainOfARunThatBrokeOffDoesNotEndTheNextRun() throws Exception {
        try (var loop = EventLoop.open(clock)) {
            var late = new Promise<Integer>("late");
            assertThatThrownBy(() -> loop.run(() -> late.await())).hasMessageStartingWith("deadlock");

            var result = loop.run(() -> {
                late.complete(1);
                sleep(ofSeconds(1));
                return "second run";
            });

            assertThat(result).isEqualTo("second run");
        }
    }

    @Test
    void promiseFromOutsideIsNoDeadlock() throws Exception {
        onClock(() -> {
            var reply = Promise.<String>outside("reply");
            var helper = Thread.startVirtualThread(() -> reply.complete("from another thread"));
            log.add(reply.await());
            helper.join();
        });

        assertThat(log).containsExactly("from another thread");
    }

    @Test
    void scaledClockRunsFaster() throws Exception {
        long start = System.nanoTime();
        try (var loop = EventLoop.open(LoopClock.scaled(100_000))) {
            loop.run(Async.callable(() -> sleep(ofMinutes(60))));
        }

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(36), ofSeconds(30));
    }

    @Test
    void speedMustBePositive() {
        assertThatThrownBy(() -> LoopClock.scaled(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speed must be a positive number, was 0.0");
    }

    private void onClock(Action main) throws Exception {
        try (var loop = EventLoop.open(clock)) {
            loop.run(Async.callable(main));
        }
    }
}
