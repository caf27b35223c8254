package dev.simul.benchmarks;

import static dev.simul.Async.gather;
import static dev.simul.Async.shield;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;

import dev.simul.EventLoop;
import dev.simul.LoopStatistics;
import dev.simul.Outcome;
import dev.simul.Task;
import dev.simul.TaskGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A crowd of tasks on one loop that wait, spawn, cancel, time out and fail at random, for as long as one likes.
 *
 * <p>As many are alive at any time: whoever ends is replaced. At the end nothing may be left, see {@link SoakReport}.
 */
final class Soak {
    /** What a task of the crowd fails with. Has no stack: a million of them are thrown. */
    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Planned() {
            super("planned", null, false, false);
        }
    }

    private final Random random;
    private final Task<?>[] crowd;
    private final List<Long> heap = new ArrayList<>();
    private final Tally tally = new Tally();
    private boolean over;

    Soak(int tasks, long seed) {
        this.crowd = new Task<?>[tasks];
        this.random = new Random(seed);
    }

    /** How the tasks of the crowd ended. */
    static final class Tally {
        long done;
        long failed;
        long cancelled;
        long timedOut;
        final Set<String> unexpected = new TreeSet<>();
    }

    /** Soaks a loop of its own for so long, and looks what is left of it. */
    SoakReport run(Duration length) throws Exception {
        new Soak(50, 0).soak(Duration.ofMillis(500)); // starts the threads that a JVM has once
        int threadsBefore = SoakReport.threads();
        var left = soak(length);
        return new SoakReport(
                tally, left.switches(), left.tasks(), left.timers(), SoakReport.threads() - threadsBefore, heap);
    }

    private LoopStatistics soak(Duration length) throws Exception {
        var loop = EventLoop.open();
        try (loop) {
            loop.run(() -> crowd(length));
        }
        return loop.statistics();
    }

    private int crowd(Duration length) throws Exception {
        for (int place = 0; place < crowd.length; place++) fill(place);
        int looks = 10;
        for (int look = 1; look <= looks; look++) {
            sleep(length.dividedBy(looks));
            heap.add(Rounds.usedHeap());
        }
        over = true;
        while (!allDone()) sleep(Duration.ofMillis(10));
        return crowd.length;
    }

    private boolean allDone() {
        return Stream.of(crowd).allMatch(Task::isDone);
    }

    private void fill(int place) {
        var task = spawn(() -> live(random.nextInt(100)));
        crowd[place] = task;
        task.onDone(ended -> {
            switch (Objects.requireNonNull(ended.outcome())) {
                case Outcome.Returned<?> _ -> tally.done++;
                case Outcome.Threw<?> threw when threw.error() instanceof Planned -> tally.failed++;
                case Outcome.Threw<?> threw ->
                    tally.unexpected.add(threw.error().toString());
                case Outcome.Cancelled<?> _ -> tally.cancelled++;
            }
            if (!over) fill(place);
        });
    }

    /** One life: what it does is drawn from a hundred. */
    private int live(int lot) throws Exception {
        if (lot < 30) return nap();
        if (lot < 45) return timeOut();
        if (lot < 60) return group();
        if (lot < 70) return gather(this::nap, this::nap).size();
        if (lot < 80) return cancelSomebody();
        if (lot < 85) return shield(this::nap);
        if (lot < 90) return cleanUpThatWaits();
        return lot < 95 ? fail() : 0;
    }

    private static int fail() {
        throw new Planned();
    }

    private int nap() {
        int millis = random.nextInt(400);
        sleep(Duration.ofMillis(millis));
        return millis;
    }

    private int timeOut() throws Exception {
        try {
            return timeout(Duration.ofMillis(random.nextInt(200)), this::nap);
        } catch (TimeoutException e) {
            tally.timedOut++;
            return 0;
        }
    }

    /** One of the children may fail, and takes the others along. */
    private int group() throws Exception {
        boolean fails = random.nextInt(4) == 0;
        try (var group = TaskGroup.<Integer>open()) {
            group.fork(this::nap);
            group.fork(() -> {
                int millis = nap();
                return fails ? fail() : millis;
            });
            return group.join().size();
        }
    }

    private int cancelSomebody() {
        crowd[random.nextInt(crowd.length)].cancel("bad luck");
        return nap();
    }

    private int cleanUpThatWaits() {
        try {
            return nap();
        } finally {
            sleep(Duration.ofMillis(random.nextInt(5)));
        }
    }
}
