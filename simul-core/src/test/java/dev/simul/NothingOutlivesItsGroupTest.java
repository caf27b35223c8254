package dev.simul;

import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random trees of groups, supervisors, scopes, shields, time-outs and services are run once undisturbed, and then once for
 * each of their steps with something that goes wrong there.
 */
class NothingOutlivesItsGroupTest {

    /** More of them with -Dsimul.test.programs=N. */
    private static final int PROGRAMS = Integer.getInteger("simul.test.programs", 100);

    private static final int STEPS = 40;

    @Test
    void whateverIsCancelledOrFailsWhereverItDoes() throws Exception {
        int runs = 0;
        for (int seed = 0; seed < PROGRAMS; seed++) {
            int steps = new Program(seed, -1).run();
            for (int step = 0; step < Math.min(steps, STEPS); step++, runs++) {
                new Program(seed, step).run();
            }
        }
        assertThat(runs).isGreaterThan(PROGRAMS * 5);
    }

    @Test
    void childThatBlocksInTheJdkEndsWithItsGroup() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
        Async.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            assertThatThrownBy(() -> Async.timeout(
                            ofMillis(10),
                            () -> TaskGroup.within(group -> {
                                tasks.add(group.fork(() -> Thread.sleep(Duration.ofHours(1))));
                                tasks.add(group.fork(() -> new CountDownLatch(1).await()));
                                Thread.sleep(Duration.ofHours(1));
                                return true;
                            })))
                    .isInstanceOf(TimeoutException.class);
            assertThat(tasks).hasSize(2).allMatch(task -> task.state() == Task.State.CANCELLED);

            tasks.clear();
            var scope = CancelScope.after(ofMillis(10));
            scope.run(() -> TaskGroup.within(group -> {
                tasks.add(group.fork(() -> Thread.sleep(Duration.ofHours(1))));
                return true;
            }));
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(tasks).hasSize(1).allMatch(task -> task.state() == Task.State.CANCELLED);
        });
    }

    /** What goes wrong, on purpose. */
    private static final class Boom extends Exception {
        private static final long serialVersionUID = 1;

        Boom() {
            super("boom", null, true, false);
        }
    }

    /** One run of one program. */
    private static final class Program {

        private static final int LONG = 24 * 3_600_000;

        private final int seed;
        private final int badStep;
        private final Random disturbance;
        private final Map<Task<?>, Integer> asked = new HashMap<>();
        private final Map<Task<?>, Integer> around = new HashMap<>();
        private final List<Task<?>> live = new ArrayList<>();
        private final List<CancelScope> scopes = new ArrayList<>();
        private final List<TaskGroup<?>> groups = new ArrayList<>();
        private @Nullable Task<?> root;
        private int step;
        private int failedCleanUps;
        private long rootAskedAt = -1;

        Program(int seed, int badStep) {
            this.seed = seed;
            this.badStep = badStep;
            this.disturbance = new Random(1000L * seed + badStep);
        }

        /** Returns how many steps it took. */
        int run() throws Exception {
            var clock = new VirtualClock();
            try (var loop = EventLoop.open(clock)) {
                loop.run(Async.callable(() -> {
                    var random = new Random(seed);
                    var main = Objects.requireNonNull(Async.currentTask());
                    root = Async.spawn("root", () -> inTask(() -> node(random, 4, false)));
                    var done = new Promise<Boolean>("the end of the root");
                    root().onDone(_ -> done.complete(true));
                    done.await();
                    var left = loop.tasks().stream()
                            .filter(task -> !task.equals(main))
                            .toList();
                    check(left.isEmpty(), "these outlive the root: " + left);
                    check(loop.statistics().timers() == 0, "timers are left");
                    if (root().outcome() instanceof Outcome.Threw<?> threw) {
                        for (var failure : TaskGroup.failuresOf(threw.error())) {
                            check(isExpected(failure), String.valueOf(failure));
                        }
                    }
                    if (rootAskedAt >= 0) {
                        check(root().state() != Task.State.DONE, "a request to cancel the root was lost");
                        check(
                                clock.elapsed().toMillis() - rootAskedAt < LONG / 2,
                                "a request to cancel the root was heard late");
                    }
                }));
            }
            return step;
        }

        private static boolean isExpected(Throwable failure) {
            var text = String.valueOf(failure.getMessage());
            return failure instanceof Boom
                    || failure instanceof TimeoutException
                    || failure instanceof TaskFailedException // out of close()
                    || text.contains("exited without having called started") // cancelled alone before it was ready
                    || text.contains("closed before join()"); // suppressed in what the block threw
        }

        private void inTask(Action body) throws Exception {
            var self = self();
            live.add(self);
            try {
                body.run();
            } finally {
                live.remove(self);
            }
        }

        private void node(Random random, int depth, boolean shielded) throws Exception {
            step();
            try {
                work(random, depth, shielded);
            } finally {
                // Groups and time-outs around may have asked, and the group in which the task was forked or started.
                int more = self().cancelRequests() - asked.getOrDefault(self(), 0);
                int most = around.getOrDefault(self(), 0) + (self().equals(root) ? 0 : 2);
                check(
                        more >= 0 && more <= most,
                        "requests to cancel beyond those that were made: " + more + " of " + most);
            }
        }

        /** A group or time-out around, which asks at most once and takes that back. */
        private void around(Action block) throws Exception {
            var self = self();
            around.merge(self, 1, Integer::sum);
            try {
                block.run();
            } finally {
                around.merge(self, -1, Integer::sum);
            }
        }

        private void group(Random random, int depth, boolean shielded, int kind) throws Exception {
            List<Task<?>> tasks = new ArrayList<>();
            try {
                around(() -> {
                    switch (kind) {
                        case 0 -> TaskGroup.within(group -> children(random, depth, shielded, group, tasks));
                        case 1 ->
                            TaskGroup.supervise((_, _) -> {}, group -> children(random, depth, shielded, group, tasks));
                        default -> {
                            try (var group = TaskGroup.open()) {
                                children(random, depth, shielded, group, tasks);
                                group.join();
                                checkDone(tasks);
                            }
                        }
                    }
                });
            } finally {
                checkDone(tasks);
            }
        }

        private void work(Random random, int depth, boolean shielded) throws Exception {
            int kind = random.nextInt(depth > 0 ? 14 : 3);
            switch (kind) {
                case 0 -> pass();
                case 1 -> sleepMillis(random.nextInt(20));
                case 2 -> sleepMillis(shielded ? 20 : LONG);
                case 3, 4 -> group(random, depth, shielded, 0);
                case 5 -> group(random, depth, shielded, 1);
                case 6 -> group(random, depth, shielded, 2);
                case 7 ->
                    around(() -> Async.timeout(ofMillis(random.nextInt(30)), () -> node(random, depth - 1, shielded)));
                case 8, 9 -> inScope(CancelScope.after(ofMillis(random.nextInt(60))), random, depth, shielded);
                case 10 -> inScope(CancelScope.shielded(), random, depth, true);
                case 11 -> {
                    try {
                        node(random, depth - 1, shielded);
                    } finally {
                        cleanUp(random, depth);
                    }
                }
                case 12 -> {
                    try {
                        node(random, depth - 1, shielded);
                    } catch (Boom | TimeoutException e) {
                        pass();
                    }
                    node(random, depth - 1, shielded);
                }
                default -> {
                    node(random, depth - 1, shielded);
                    node(random, depth - 1, shielded);
                }
            }
        }

        /** Its failures would take the place of a cancellation that is on its way. */
        private void cleanUp(Random random, int depth) throws Exception {
            try {
                CancelScope.after(ofMillis(20)).shield(true).run(() -> node(random, depth - 1, true));
            } catch (Boom | TimeoutException e) {
                failedCleanUps++;
            }
        }

        private void inScope(CancelScope scope, Random random, int depth, boolean shielded) throws Exception {
            scopes.add(scope);
            try {
                scope.run(() -> node(random, depth - 1, shielded));
            } finally {
                scopes.remove(scope);
            }
        }

        /** Each child has a random of its own, so that a program stays the same whatever happens elsewhere. */
        private boolean children(
                Random random, int depth, boolean shielded, TaskGroup<Object> group, List<Task<?>> tasks)
                throws Exception {
            groups.add(group);
            int count = 1 + random.nextInt(3);
            for (int i = 0; i < count && !group.isAborting(); i++) {
                var own = new Random(random.nextLong());
                step();
                if (group.isAborting()) {
                    break;
                }
                switch (random.nextInt(6)) {
                    case 0 -> tasks.add(group.forkDaemon(() -> inTask(() -> node(own, depth - 1, shielded))));
                    case 1 ->
                        around(() -> group.start((TaskStatus<Integer> status) -> inTask(() -> {
                            tasks.add(self());
                            node(own, 0, shielded);
                            status.started(1);
                            node(own, depth - 1, shielded);
                        })));
                    default -> tasks.add(group.fork(() -> inTask(() -> node(own, depth - 1, shielded))));
                }
            }
            if (random.nextBoolean()) {
                node(random, depth - 1, shielded);
            }
            return true;
        }

        private void checkDone(List<Task<?>> tasks) {
            var left = tasks.stream().filter(task -> !task.isDone()).toList();
            check(left.isEmpty(), "these outlive their group: " + left);
        }

        private void step() throws Boom {
            if (step++ == badStep) {
                disturb();
            }
        }

        private void disturb() throws Boom {
            switch (disturbance.nextInt(6)) {
                case 0 -> throw new Boom();
                case 1 -> ask(root());
                case 2 -> {
                    ask(root());
                    ask(live.get(disturbance.nextInt(live.size())));
                }
                case 3 -> ask(live.get(disturbance.nextInt(live.size())));
                case 4 -> {
                    if (!scopes.isEmpty()) {
                        scopes.get(disturbance.nextInt(scopes.size())).cancel("on purpose");
                    }
                }
                default -> {
                    if (!groups.isEmpty()) {
                        groups.get(disturbance.nextInt(groups.size())).cancel("on purpose");
                    }
                }
            }
        }

        private void ask(Task<?> task) {
            asked.merge(task, 1, Integer::sum);
            if (task.equals(root) && rootAskedAt < 0) {
                rootAskedAt = Objects.requireNonNull(EventLoop.current()).time().toMillis();
            }
            task.cancel("on purpose");
        }

        private Task<?> root() {
            return Objects.requireNonNull(root);
        }

        private static Task<?> self() {
            return Objects.requireNonNull(Async.currentTask());
        }

        private void check(boolean holds, String otherwise) {
            if (!holds) {
                throw new AssertionError("program " + seed + ", step " + badStep + ": " + otherwise);
            }
        }
    }
}
