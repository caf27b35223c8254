package dev.simul.test;

import dev.simul.Async;
import dev.simul.ErrorContext;
import dev.simul.EventLoop;
import dev.simul.Task;
import dev.simul.VirtualClock;
import java.lang.reflect.UndeclaredThrowableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
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

    private final Duration limit;
    private final Queue<ErrorContext> errors = new ConcurrentLinkedQueue<>();

    private TestRun(@Nullable Course course, Duration limit) {
        this.course = course;
        this.limit = limit;
        this.clock = course == null ? new VirtualClock() : course.clock;
        this.loop = course == null ? EventLoop.open(clock) : EventLoop.open(clock, course);
        loop.onError(errors::add);
    }

    /** A loop without a schedule, whose parts may each take so long in real time. */
    static TestRun open(Duration limit) {
        return new TestRun(null, limit);
    }

    static TestRun open(Course course, Duration limit) {
        return new TestRun(course, limit);
    }

    /** The one in which the caller runs, or null. */
    static @Nullable TestRun current() {
        return CURRENT.get();
    }

    /** Runs a part of the test as a coroutine. */
    void run(Callable<@Nullable Void> part) throws Exception {
        var around = CURRENT.get();
        CURRENT.set(this);
        try (var realTime = new RealTimeLimit(limit)) {
            try {
                loop.run(part);
            } catch (Throwable e) {
                throw asThrown(realTime.explain(e));
            }
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
        if (left.isEmpty() && timers > 0) { // those of tasks go with them
            leaks.add(count(timers, "timer") + " behind");
        }
        int generators = loop.openGenerators();
        if (generators > 0) {
            leaks.add(count(generators, "generator") + " open");
        }
        if (!leaks.isEmpty()) {
            throw new AssertionError("the test left " + String.join(", and ", leaks)
                    + "; await or cancel what it spawns, or fork it in a TaskGroup");
        }
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /**
     * To be called after {@link #close}, by which everything has come out.
     *
     * @throws AssertionError if a task or a callback has failed and nobody looked
     */
    void requireNoUnseenErrors() {
        if (!errors.isEmpty()) {
            var failure = new AssertionError(errors.stream()
                    .map(TestRun::line)
                    .collect(Collectors.joining("; ", "the test did not look at what failed: ", "")));
            errors.stream()
                    .map(ErrorContext::exception)
                    .filter(Objects::nonNull)
                    .forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static String line(ErrorContext error) {
        return error.message() + (error.exception() == null ? "" : ": " + error.exception());
    }

    private static Exception asThrown(Throwable error) {
        if (error instanceof Error serious) {
            throw serious;
        }
        return error instanceof Exception exception ? exception : new UndeclaredThrowableException(error);
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
