package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final Schedule OLDEST = _ -> 0;
    private static final Schedule NEWEST_STEP =
            ready -> Math.max(0, last(ready, step -> step.kind() != ReadyStep.Kind.TIME));

    private final List<String> log = new ArrayList<>();

    @Test
    void alwaysTheFirstIsTheOrderOfALoopWithoutSchedule() throws Exception {
        var plain = new VirtualTime().run(this::mixed);
        var chosen = run(OLDEST, this::mixed);

        assertThat(chosen).isEqualTo(plain).contains("a ended", "timed out");
    }

    @Test
    void coroutinesRunInTheOrderThatIsChosen() throws Exception {
        run(NEWEST_STEP, () -> {
            var a = spawn(() -> log.add("a"));
            var b = spawn(() -> log.add("b"));
            var c = spawn(() -> log.add("c"));
            c.await();
            b.await();
            return a.await();
        });

        assertThat(log).containsExactly("c", "b", "a");
    }

    @Test
    void callbacksOfOnePromiseKeepTheirOrderAndComeBeforeALaterWaiter() throws Exception {
        run(NEWEST_STEP, () -> {
            var signal = new Promise<String>("signal");
            signal.onDone(_ -> log.add("first"));
            signal.onDone(_ -> log.add("second"));
            var waiter = spawn(() -> log.add(signal.await()));
            pass();
            signal.complete("waiter");
            return waiter.await();
        });

        assertThat(log).containsExactly("first", "second", "waiter");
    }

    @Test
    void twoWhomOnePromiseWakesMayPassEachOther() throws Exception {
        var signal = new Promise<String>("signal");
        Schedule oldestUntilTheSignal = ready -> signal.isDone() ? NEWEST_STEP.choose(ready) : 0;
        run(oldestUntilTheSignal, () -> {
            var a = spawn(() -> log.add(signal.await() + " a"));
            var b = spawn(() -> log.add(signal.await() + " b"));
            pass();
            signal.complete("woken");
            a.await();
            return b.await();
        });

        assertThat(log).containsExactly("woken b", "woken a");
    }

    @Test
    void timeMayPassAlthoughOthersCouldRun() {
        Schedule hasty = ready -> Math.max(0, last(ready, step -> step.kind() == ReadyStep.Kind.TIME));

        assertThatThrownBy(() -> run(hasty, () -> timeout(Duration.ofSeconds(1), () -> gather(this::busy, this::busy))))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void timersRunInTheOrderOfTheirTimes() throws Exception {
        Schedule newest = ready -> log.isEmpty() ? 0 : ready.size() - 1;
        run(newest, () -> {
            List<Task<?>> sleepers = new ArrayList<>();
            for (int seconds : List.of(3, 1, 2)) {
                sleepers.add(spawn(() -> {
                    sleep(Duration.ofSeconds(seconds));
                    log.add(seconds + " s");
                }));
            }
            pass();
            log.add("all sleep");
            for (var sleeper : sleepers) {
                sleeper.await();
            }
            return null;
        });

        assertThat(log).containsExactly("all sleep", "1 s", "2 s", "3 s");
    }

    @Test
    void scheduleSeesWhoseStepItIsAndWhatMadeItReady() throws Exception {
        List<String> seen = new ArrayList<>();
        var signal = new Promise<String>("signal");
        Schedule watching = ready -> {
            for (var step : ready) {
                var task = step.task();
                if (task != null && task.name().equals("waiter")) {
                    var cause = step.cause();
                    seen.add(step.kind() + (cause == null ? "" : " after " + cause.name()));
                    if (step.kind() == ReadyStep.Kind.RESUME) {
                        assertThat(step.stack())
                                .anySatisfy(frame ->
                                        assertThat(frame.getClassName()).startsWith(ScheduleTest.class.getName()));
                    }
                }
            }
            return 0;
        };
        run(watching, () -> {
            var waiter = spawn("waiter", () -> signal.await());
            pass();
            signal.complete("now");
            return waiter.await();
        });

        assertThat(seen).contains("START", "RESUME after signal");
    }

    @Test
    void scheduleMayCancelATaskAndIsAskedAgain() throws Exception {
        List<Task<?>> victims = new ArrayList<>();
        Schedule cancelling =
                _ -> victims.isEmpty() || !victims.removeFirst().cancel("by the schedule") ? 0 : Schedule.AGAIN;

        var reason = run(cancelling, () -> {
            var victim = spawn(() -> sleep(Duration.ofDays(1)));
            victims.add(victim);
            return assertThatThrownBy(victim::await)
                    .isInstanceOf(CancelledError.class)
                    .actual()
                    .getMessage();
        });

        assertThat(reason).isEqualTo("by the schedule");
    }

    @Test
    void choiceThatIsNotOfferedIsRefused() {
        var asked = new AtomicInteger(7);

        assertThatThrownBy(() -> run(_ -> asked.getAndSet(0), () -> 1)).hasMessageContaining("and chose 7");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyRandomOrderLetsEverybodyEnd(long seed) throws Exception {
        var dice = new SplittableRandom(seed);

        assertThat(run(ready -> dice.nextInt(ready.size()), this::mixed)).contains("a ended", "b ended", "c ended");
    }

    private List<String> mixed() throws Exception {
        List<String> events = new ArrayList<>();
        var gate = new Promise<String>("gate");
        gate.onDone(_ -> events.add("callback"));
        try (var group = TaskGroup.<String>open()) {
            for (var name : List.of("a", "b", "c")) {
                group.fork(() -> {
                    events.add(name);
                    pass();
                    events.add(name + " " + gate.await());
                    sleep(Duration.ofSeconds(name.charAt(0) - 'a'));
                    events.add(name + " ended");
                    return name;
                });
            }
            sleep(Duration.ofMillis(10));
            gate.complete("open");
            events.addAll(group.join());
        }
        try {
            timeout(Duration.ofMillis(5), () -> sleep(Duration.ofSeconds(1)));
        } catch (TimeoutException e) {
            events.add("timed out");
        }
        return events;
    }

    private Integer busy() {
        for (int i = 0; i < 3; i++) {
            pass();
        }
        return 1;
    }

    private static int last(List<ReadyStep> ready, Predicate<ReadyStep> which) {
        for (int i = ready.size() - 1; i >= 0; i--) {
            if (which.test(ready.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static <T> T run(Schedule schedule, Callable<T> main) throws Exception {
        try (var loop = EventLoop.open(new VirtualClock(), schedule)) {
            return loop.run(main);
        }
    }
}
