package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.shield;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.sync.Lock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TaskTreeTest {

    private final VirtualTime time = new VirtualTime();

    @Test
    void aTaskIsListedWithWhatItWaitsForAndWhereItIs() throws Exception {
        time.run(() -> {
            var sleeper = spawn("sleeper", () -> napFor(Duration.ofSeconds(90)));
            sleep(Duration.ofSeconds(60));

            var seen = Simul.tasks().find("sleeper").orElseThrow();

            assertThat(seen.state()).isEqualTo(Task.State.WAITING);
            assertThat(seen.waitsFor()).isEqualTo("the clock, 30.0 s");
            assertThat(seen.stack())
                    .extracting(StackTraceElement::getMethodName)
                    .startsWith("napFor")
                    .noneMatch(method -> method.equals("suspend") || method.equals("yield") || method.equals("park"));
            assertThat(sleeper.stack()).isEqualTo(seen.stack());
        });
    }

    @Test
    void theTaskThatLooksRuns() throws Exception {
        time.run(() -> spawn("looker", () -> {
                    var seen = Simul.tasks().find("looker").orElseThrow();
                    assertThat(seen.state()).isEqualTo(Task.State.RUNNING);
                    assertThat(seen.waitsFor()).isNull();
                    assertThat(seen.stack().getFirst().getClassName()).isEqualTo(TaskTreeTest.class.getName());
                    assertThat(seen.toString()).isEqualTo("looker runs");
                })
                .await());
    }

    @Test
    void aTaskThatHasNotBegunHasNoStack() throws Exception {
        time.run(() -> {
            var fresh = spawn("fresh", () -> sleep(Duration.ofSeconds(1)));

            var seen = Simul.tasks().find("fresh").orElseThrow();

            assertThat(seen.waitsFor()).isEqualTo("its first turn");
            assertThat(seen.stack()).isEmpty();
            fresh.cancel();
        });
    }

    @Test
    void awaitGatherShieldAndGroupAreEdgesBetweenTasks() throws Exception {
        time.run(() -> {
            var slow = spawn("slow", () -> sleep(Duration.ofSeconds(10)));
            spawn("awaits", () -> slow.await());
            spawn("times out", () -> timeout(Duration.ofSeconds(20), () -> slow.await()));
            spawn("gathers", () -> gather(() -> slow.await(), () -> slow.await()));
            spawn("shields", () -> shield(() -> slow.await()));
            spawn(
                    "groups",
                    () -> TaskGroup.<Integer, Integer>within(group -> {
                        group.fork(() -> slow.await());
                        return 1;
                    }));
            sleep(Duration.ofSeconds(1));

            var tree = Simul.tasks();

            assertThat(awaiters(tree, "slow")).contains("awaits", "times out");
            for (var name : List.of("gathers", "shields", "groups")) {
                var above = tree.find(name).orElseThrow();
                assertThat(above.awaits()).as(name).isNotEmpty();
                for (var id : above.awaits()) {
                    assertThat(byId(tree, id).awaits())
                            .containsExactly(tree.find("slow").orElseThrow().id());
                    assertThat(byId(tree, id).awaitedBy()).contains(above.id());
                }
            }
            assertThat(tree.find("gathers").orElseThrow().awaits()).hasSize(2);
            assertThat(tree.find("times out").orElseThrow().deadline()).isEqualTo(Duration.ofSeconds(19));
        });
    }

    @Test
    void anOwnerIsKnownWhileItsBodyWaitsForSomethingElse() throws Exception {
        time.run(() -> {
            spawn(
                    "owner",
                    () -> TaskGroup.<Integer, Integer>within(group -> {
                        group.fork(() -> sleep(Duration.ofSeconds(5)));
                        sleep(Duration.ofSeconds(9));
                        return 1;
                    }));
            sleep(Duration.ofSeconds(1));

            var tree = Simul.tasks();

            var owner = tree.find("owner").orElseThrow();
            assertThat(owner.waitsFor()).startsWith("the clock");
            assertThat(tree.tasks())
                    .filteredOn(task -> task.owner() != null)
                    .singleElement()
                    .satisfies(child -> {
                        assertThat(child.owner()).isEqualTo(owner.id());
                    });
        });
    }

    @Test
    void requestsToCancelAreShown() throws Exception {
        time.run(() -> {
            var stubborn = spawn("stubborn", () -> {
                while (true) {
                    try {
                        sleep(Duration.ofSeconds(1));
                        return;
                    } catch (CancelledError e) {
                        // not yet
                    }
                }
            });
            sleep(Duration.ZERO);
            stubborn.cancel();
            sleep(Duration.ZERO);
            stubborn.cancel();
            sleep(Duration.ZERO);

            assertThat(Simul.tasks().find("stubborn").orElseThrow())
                    .hasToString("stubborn waits for the clock, 1.0 s, asked to cancel 2 times");
        });
    }

    @Test
    void anotherThreadSeesTheTasksOfALoopThatWaits() throws Exception {
        try (var loop = EventLoop.open()) {
            var over = new Promise<Integer>("the end of the test");
            var thread = Thread.ofPlatform().start(() -> runQuietly(loop, over));
            var waiting = loop.submit(() -> {
                spawn("seen from outside", () -> over.await());
                sleep(Duration.ZERO);
                return 1;
            });
            waiting.await();

            var tree = Simul.tasks();

            var info = tree.loops().stream()
                    .filter(each -> each.id() == loop.number())
                    .findFirst()
                    .orElseThrow();
            assertThat(info.exact()).isTrue();
            assertThat(info.activity()).isEqualTo("idle");
            var seen = tree.find("seen from outside").orElseThrow();
            assertThat(seen.waitsFor()).isEqualTo("the end of the test");
            assertThat(seen.stack()).isNotEmpty();
            over.complete(1);
            thread.join();
        }
    }

    @Test
    void eagerTasksAreSeenFromOutsideLikeAnyOther() throws Exception {
        try (var loop = EventLoop.open()) {
            var over = new Promise<Integer>("the end of the test");
            var thread = Thread.ofPlatform().start(() -> runQuietly(loop, over));
            loop.submit(() -> {
                        Async.spawnEagerly("eager", () -> over.await());
                        spawn("in its turn", () -> over.await());
                        sleep(Duration.ZERO);
                        return 1;
                    })
                    .await();

            var tree = Simul.tasks();

            assertThat(tree.find("eager").orElseThrow().waitsFor()).isEqualTo("the end of the test");
            assertThat(tree.find("in its turn").orElseThrow().waitsFor()).isEqualTo("the end of the test");
            over.complete(1);
            thread.join();
        }
    }

    @Test
    void aLoopThatIsHeldByAStepIsSeenAllTheSame() throws Exception {
        try (var loop = EventLoop.open()) {
            var held = new CountDownLatch(1);
            var holding = new AtomicReference<Boolean>(true);
            var thread = Thread.ofPlatform().start(() -> runQuietly(loop, new Promise<>("an interrupt")));
            loop.submit(() -> {
                spawn("other", () -> sleep(Duration.ofHours(1)));
                spawn("holder", () -> spinUntilReleased(held, holding));
                sleep(Duration.ZERO);
                return 1;
            });
            held.await();

            var tree = Simul.tasks();
            holding.set(false);

            var info = tree.loops().stream()
                    .filter(each -> each.id() == loop.number())
                    .findFirst()
                    .orElseThrow();
            assertThat(info.exact()).isFalse();
            assertThat(info.activity()).isEqualTo("held by a step of holder, did not answer within 100 ms");
            assertThat(tree.find("holder").orElseThrow().stack())
                    .extracting(StackTraceElement::getMethodName)
                    .contains("spinUntilReleased");
            assertThat(tree.find("other").orElseThrow().waitsFor()).startsWith("the clock");
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void aThreadThatWaitsForATaskIsNamed() throws Exception {
        try (var loop = EventLoop.open()) {
            var over = new Promise<Integer>("over");
            var end = new Promise<Integer>("the end of the test");
            var runner = Thread.ofPlatform().start(() -> runQuietly(loop, end));
            var task = loop.submit(() -> over.await());
            loop.submit(() -> 0).await(); // behind the task: the loop has it now
            var waiter = Thread.ofPlatform().name("the waiter").start(() -> task.join());
            while (waiter.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }

            assertThat(Simul.tasks().tasks())
                    .anySatisfy(seen -> assertThat(seen.awaitedByThreads()).containsExactly("the waiter"));
            over.complete(1);
            waiter.join();
            end.complete(1);
            runner.join();
        }
    }

    @Test
    void closedLoopsAreNotListed() throws Exception {
        var number = new int[1];
        try (var loop = EventLoop.open()) {
            number[0] = loop.number();
            assertThat(Simul.tasks().loops()).anyMatch(info -> info.id() == number[0]);
        }
        assertThat(Simul.tasks().loops()).noneMatch(info -> info.id() == number[0]);
    }

    @Test
    void treeShowsTheTasksBelowThoseThatWaitForThem() throws Exception {
        time.run(() -> {
            var child = spawn("child", () -> napFor(Duration.ofSeconds(5)));
            spawn("parent", () -> child.await());
            sleep(Duration.ofSeconds(1));

            assertThat(Simul.tasks().toString())
                    .containsPattern("── parent waits for task child\n[ │]+at dev.simul.TaskTreeTest[^\n]*\n")
                    .containsPattern("\n +└── child waits for the clock, 4.0 s\n +at dev.simul.TaskTreeTest.napFor");
        });
    }

    @Test
    void tableHasALineForEachTask() throws Exception {
        time.run(() -> {
            var child = spawn("child", () -> napFor(Duration.ofSeconds(5)));
            spawn("parent", () -> child.await());
            sleep(Duration.ofSeconds(1));

            assertThat(Simul.tasks().toTable().lines())
                    .anyMatch(line -> line.matches("LOOP +TASK +NAME +STATE +WAITS FOR +AWAITED BY +AT"))
                    .anyMatch(line ->
                            line.matches("\\d+ +\\d+ +child +WAITING +the clock, 4.0 s +parent +dev.*napFor.*"));
        });
    }

    @Test
    void jsonEscapesWhatNamesContain() throws Exception {
        time.run(() -> {
            spawn("a \"quoted\" \\ name\n\u0001", () -> sleep(Duration.ofSeconds(5)));
            sleep(Duration.ofSeconds(1));

            assertThat(Simul.tasks().toJson())
                    .contains("\"name\":\"a \\\"quoted\\\" \\\\ name\\n\\u0001\",\"state\":\"WAITING\"")
                    .contains("\"deadlineMillis\":null")
                    .startsWith("{\"loops\":[{\"id\":");
        });
    }

    @Test
    void tasksThatWaitForEachOtherAreADeadlock() throws Exception {
        time.run(() -> {
            var tasks = new ArrayList<Task<Integer>>();
            tasks.add(spawn("first", () -> tasks.get(1).await()));
            tasks.add(spawn("second", () -> tasks.get(0).await()));
            spawn("beside", () -> tasks.get(0).await());
            sleep(Duration.ofSeconds(1));

            assertThat(Simul.deadlocks())
                    .extracting(Deadlock::toString)
                    .containsExactly("deadlock: first waits for task second, second waits for task first");
            assertThat(Simul.tasks().toString()).contains("deadlock: first waits for task second");
        });
    }

    @Test
    void takingTwoLocksInOppositeOrderIsADeadlockThatNamesTheLocks() throws Exception {
        time.run(() -> {
            var left = new Lock();
            var right = new Lock();
            spawn("Plato", () -> takeBoth(left, right));
            spawn("Kant", () -> takeBoth(right, left));
            sleep(Duration.ofSeconds(2));

            assertThat(Simul.deadlocks()).singleElement().satisfies(deadlock -> {
                assertThat(deadlock.tasks()).extracting(TaskInfo::name).containsExactly("Plato", "Kant");
                assertThat(deadlock.toString()).contains("Plato waits for Lock[");
            });
            var tree = Simul.tasks();
            assertThat(tree.find("Plato").orElseThrow().awaits())
                    .containsExactly(tree.find("Kant").orElseThrow().id());
        });
    }

    @Test
    void aRingWithADeadlineIsNoDeadlock() throws Exception {
        time.run(() -> {
            var tasks = new ArrayList<Task<Integer>>();
            tasks.add(spawn(
                    () -> timeout(Duration.ofSeconds(5), () -> tasks.get(1).await())));
            tasks.add(spawn(() -> tasks.get(0).await()));
            sleep(Duration.ofSeconds(1));

            assertThat(Simul.deadlocks()).isEmpty();
        });
    }

    @Test
    void whatAnyOfSeveralTasksCanEndIsADeadlockOnlyIfNoneCan() throws Exception {
        time.run(() -> {
            var holders = new ArrayList<Task<?>>();
            var waiter = spawn("waiter", () -> new Promise<Integer>(new Permits(holders)).await());
            holders.add(spawn("sleeper", () -> sleep(Duration.ofSeconds(5))));
            holders.add(spawn("holder", () -> waiter.await()));
            sleep(Duration.ofSeconds(1));
            assertThat(Simul.deadlocks()).isEmpty();

            holders.removeFirst();
            assertThat(Simul.deadlocks())
                    .extracting(Deadlock::toString)
                    .containsExactly("deadlock: waiter waits for permits, holder waits for task waiter");
        });
    }

    private record Permits(List<Task<?>> holders) implements Contended {
        @Override
        public String toString() {
            return "permits";
        }
    }

    @Test
    void deadlockUnderAVirtualClockIsToldWithItsRing() {
        assertThatThrownBy(() -> time.run(() -> {
                    var tasks = new ArrayList<Task<Integer>>();
                    tasks.add(spawn("one", () -> tasks.get(1).await()));
                    tasks.add(spawn("two", () -> tasks.get(0).await()));
                    tasks.get(0).await();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deadlock: one waits for task two, two waits for task one");
    }

    private static int takeBoth(Lock first, Lock second) {
        try (var _ = first.hold()) {
            sleep(Duration.ofSeconds(1));
            second.acquire();
            return 1;
        }
    }

    private static int napFor(Duration time) {
        sleep(time);
        return 1;
    }

    private static int spinUntilReleased(CountDownLatch held, AtomicReference<Boolean> holding) {
        held.countDown();
        while (holding.get()) {
            Thread.onSpinWait();
        }
        return 1;
    }

    /** Runs the loop until {@code end} comes, or an interrupt. */
    private static void runQuietly(EventLoop loop, Promise<Integer> end) {
        try {
            loop.run(() -> end.await());
        } catch (Exception e) {
            // that is how these tests end it
        }
    }

    private static List<String> awaiters(TaskTree tree, String name) {
        return tree.find(name).orElseThrow().awaitedBy().stream()
                .map(id -> byId(tree, id).name())
                .toList();
    }

    private static TaskInfo byId(TaskTree tree, long id) {
        return tree.tasks().stream().filter(task -> task.id() == id).findFirst().orElseThrow();
    }
}
