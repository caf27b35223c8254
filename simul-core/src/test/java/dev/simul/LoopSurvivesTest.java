package dev.simul;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Whatever one task or callback does, its loop goes on, and whoever waits for it is told. */
class LoopSurvivesTest {

    private final List<Object> log = new ArrayList<>();

    @Test
    void stackOverflowInATaskBelongsToThatTask() throws Exception {
        run(() -> {
            var deep = spawn(() -> overflow(0));
            var deepAfterAWait = spawn(() -> {
                sleep(Duration.ZERO);
                return overflow(0);
            });
            var other = spawn(() -> {
                sleep(Duration.ofMillis(1));
                return 42;
            });
            assertThatThrownBy(deep::await).isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(deepAfterAWait::await).isInstanceOf(StackOverflowError.class);
            assertThat(other.await()).isEqualTo(42);
        });
    }

    @Test
    void outOfMemoryInATaskBelongsToThatTask() throws Exception {
        run(() -> {
            var greedy = spawn("greedy", () -> {
                var hoard = new ArrayList<long[]>();
                while (true) {
                    hoard.add(new long[Integer.MAX_VALUE - 8]);
                }
            });
            assertThatThrownBy(greedy::await).isInstanceOf(OutOfMemoryError.class);
            assertThat(spawn(() -> 42).await()).isEqualTo(42);
        });
    }

    @Test
    void errorsOfCallbacksAreReportedWhateverTheyAre() throws Exception {
        var told = new ArrayList<Throwable>();
        try (var loop = EventLoop.open()) {
            loop.onError(context -> told.add(context.exception()));
            loop.callSoon(() -> overflow(0));
            loop.callSoon(() -> log.add(new long[Integer.MAX_VALUE - 8][]));
            loop.callSoon(() -> {
                throw new LinkageError("no such class");
            });
            loop.callSoon(() -> sneak(new Exception("checked, from elsewhere")));
            loop.callSoon(loop::stop);
            loop.runForever();
            assertThat(loop.<Integer>run(() -> 42)).isEqualTo(42);
        }

        assertThat(told.getFirst()).isInstanceOf(StackOverflowError.class);
        assertThat(told.get(told.size() - 2)).isInstanceOf(LinkageError.class);
        assertThat(told.getLast()).hasMessage("checked, from elsewhere");
    }

    @Test
    void errorThatNoLanguageConstructCatchesByAccidentEndsItsTaskOnly() throws Exception {
        class Death extends Error {}

        run(() -> {
            var dying = spawn(() -> {
                try {
                    throw new Death();
                } catch (Exception e) {
                    return log.add("caught");
                }
            });
            assertThatThrownBy(dying::await).isInstanceOf(Death.class);
            assertThat(spawn(() -> 42).await()).isEqualTo(42);
        });
        assertThat(log).isEmpty();
    }

    /** Code with the thread of a coroutine in its hands: it is deaf while it waits in the loop. */
    @Test
    void interruptOfACoroutinesThreadFromOutsideDoesNotEndItsWait() throws Exception {
        run(() -> {
            var thread = new AtomicReference<Thread>();
            var waiter = spawn(() -> {
                thread.set(Thread.currentThread());
                sleep(Duration.ofMillis(1));
                log.add("waited");
                return Thread.interrupted();
            });
            sleep(Duration.ZERO);
            thread.get().interrupt();
            assertThat(waiter.await()).isTrue();
        });
        assertThat(log).containsExactly("waited");
    }

    @Test
    void interruptOfACoroutineBlockedInTheJdkIsItsFailureAndNobodyElses() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler holds the loop meanwhile");
        run(() -> {
            var thread = new AtomicReference<Thread>();
            var blocked = spawn(() -> {
                thread.set(Thread.currentThread());
                Thread.sleep(Duration.ofHours(1));
            });
            sleep(Duration.ZERO);
            thread.get().interrupt();
            assertThatThrownBy(blocked::await).isInstanceOf(InterruptedException.class);
            assertThat(spawn(() -> 42).await()).isEqualTo(42);
        });
    }

    @Test
    void interruptThatMainSwallowsStaysInTheThreadAndTheLoopGoesOn() throws Exception {
        var caller = Thread.currentThread();
        try (var loop = EventLoop.open()) {
            int result = loop.run(() -> {
                caller.interrupt();
                try {
                    sleep(Duration.ofHours(1));
                } catch (CancelledError e) {
                    log.add("swallowed");
                }
                sleep(Duration.ofMillis(1));
                return 42;
            });
            assertThat(result).isEqualTo(42);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(loop.<Integer>run(() -> 43)).isEqualTo(43);
        }
        assertThat(log).containsExactly("swallowed");
    }

    @Test
    void tasksThatDieInEveryWayLeaveNothing() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.onError(_ -> {});
            loop.run(() -> {
                for (int i = 0; i < 40; i++) {
                    int way = i % 4;
                    spawn(() -> {
                        sleep(Duration.ZERO);
                        switch (way) {
                            case 0 -> overflow(0);
                            case 1 -> throw new OutOfMemoryError("pretended");
                            case 2 -> Thread.currentThread().interrupt();
                            default -> throw new CancelledError("of its own");
                        }
                        sleep(Duration.ZERO);
                    });
                }
                while (loop.statistics().tasks() > 1) {
                    sleep(Duration.ofMillis(1));
                }
                assertThat(loop.statistics().timers()).isZero();
            });
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void sneak(Throwable error) throws E {
        throw (E) error;
    }
}
