package dev.simul.test;

import dev.simul.Async;
import dev.simul.EventLoop;
import dev.simul.Task;
import dev.simul.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A loop on a clock of its own for one test, and what the test may ask about it. */
final class TestRun implements AutoCloseable {

    /** Inheritable, because each coroutine of the loop has a thread of its own. */
    private static final InheritableThreadLocal<@Nullable TestRun> CURRENT = new InheritableThreadLocal<>();

    final VirtualClock clock;
    final EventLoop loop;

    /** The schedule, if the test is run under one. */
    final @Nullable Course course;

    private TestRun(@Nullable Course course) {
        this.course = course;
        this.clock = course == null ? new VirtualClock() : course.clock;
        this.loop = course == null ? EventLoop.open(clock) : EventLoop.open(clock, course);
    }

    static TestRun open() {
        return new TestRun(null);
    }

    static TestRun open(Course course) {
        return new TestRun(course);
    }

    /** The one in which the caller runs, or null. */
    static @Nullable TestRun current() {
        return CURRENT.get();
    }

    /** Runs a part of the test as a coroutine. */
    void run(Callable<@Nullable Void> part) throws Exception {
        var around = CURRENT.get();
        CURRENT.set(this);
        try {
            loop.run(part);
        } finally {
            if (around == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(around);
            }
        }
    }

    /**
     * Called in the test's last coroutine.
     *
     * @throws AssertionError if anything is still at work
     */
    void requireNothingLeft() {
        var itself = Async.currentTask();
        var left = loop.tasks().stream().filter(task -> !task.equals(itself)).toList();
        List<String> leaks = new ArrayList<>();
        if (!left.isEmpty()) {
            leaks.add(left.stream()
                    .map(Task::name)
                    .collect(Collectors.joining(", ", count(left.size(), "task") + " behind: ", "")));
        }
        int timers = loop.statistics().timers();
        if (left.isEmpty() && timers > 0) {
            leaks.add(count(timers, "timer") + " behind");
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("the test left " + String.join(", and ", leaks)
                    + "; await or cancel what it spawns, or fork it in a TaskGroup");
        }
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** Cancels what is left. */
    @Override
    public void close() {
        if (course != null) {
            course.end();
        }
        loop.close();
    }
}
