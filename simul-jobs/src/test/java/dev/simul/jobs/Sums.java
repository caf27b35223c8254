package dev.simul.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Job functions for the tests. */
final class Sums {
    /** Lets a test hold jobs and see that they have begun, by a name of the test's own. */
    static final Map<String, Gate> GATES = new ConcurrentHashMap<>();

    /** What {@code tasks.trace} was called with, in order. */
    static final List<String> TRACE = new CopyOnWriteArrayList<>();

    static final class Gate {
        final CountDownLatch begun;
        final CountDownLatch open = new CountDownLatch(1);

        Gate(int jobs) {
            this.begun = new CountDownLatch(jobs);
        }
    }

    private Sums() {}

    static Gate gate(String name, int jobs) {
        var gate = new Gate(jobs);
        GATES.put(name, gate);
        return gate;
    }

    @SimulJob("tasks.add")
    static int add(int a, int b) {
        return a + b;
    }

    @SimulJob("tasks.scaled")
    static double scaled(double value, double scale) {
        return value * scale;
    }

    @SimulJob("tasks.six")
    static String six(int a, String b, double c, boolean d, List<Integer> e, long f) {
        return a + b + c + d + e + f;
    }

    @SimulJob("tasks.echo")
    static Object echo(Object value) {
        return value;
    }

    @SimulJob("tasks.noop")
    static void noop() {}

    @SimulJob("tasks.ignore")
    static String ignore(int value) {
        return "ignored " + value;
    }

    @SimulJob("tasks.trace")
    static void trace(String text) {
        TRACE.add(text);
    }

    @SimulJob("tasks.note")
    static void note(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("text must not be empty");
        }
    }

    @SimulJob("tasks.total")
    static long total(List<Integer> numbers) {
        return numbers.stream().mapToLong(Integer::longValue).sum();
    }

    @SimulJob("tasks.boom")
    static int boom(String message) {
        if (!message.isEmpty()) {
            throw new IllegalStateException(message);
        }
        return 0;
    }

    @SimulJob("tasks.hold")
    static String hold(String gate) throws InterruptedException {
        var held = Objects.requireNonNull(GATES.get(gate));
        held.begun.countDown();
        held.open.await();
        return gate;
    }

    @SimulJob("tasks.hold_and_fail")
    static void holdAndFail(String gate) throws InterruptedException {
        throw new IllegalStateException(hold(gate));
    }

    @SimulJob("tasks.sleep")
    static String sleep(double seconds) throws InterruptedException {
        Thread.sleep(Duration.ofMillis((long) (seconds * 1000)));
        return "slept";
    }

    @SimulJob("tasks.strange")
    static Object strange() {
        return new Strange();
    }

    /** A bean without end. */
    public static final class Strange {
        public Strange getSelf() {
            return this;
        }
    }

    static int unnamed(int a) {
        return a;
    }
}
