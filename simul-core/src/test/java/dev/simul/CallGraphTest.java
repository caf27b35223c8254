package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** asyncio.capture_call_graph, and Task.get_stack. */
class CallGraphTest {

    @Test
    void aPromiseAwaitedByTwoTasksHasNoFramesAndTwoAwaiters() throws Exception {
        run(() -> {
            var promise = new Promise<Integer>("shared");
            var first = spawn("first", () -> waitIn(promise));
            var second = spawn("second", () -> waitIn(promise));
            sleep(Duration.ZERO);

            var graph = Simul.callGraph(promise);

            assertThat(graph.callStack()).isEmpty();
            assertThat(graph.awaitedBy())
                    .extracting(above -> above.task().name())
                    .containsExactly("first", "second");
            assertThat(graph.awaitedBy())
                    .allSatisfy(above -> assertThat(methods(above.callStack())).startsWith("waitIn"));
            promise.complete(1);
            first.await();
            second.await();
        });
    }

    @Test
    void thePresentTaskSeesItsFramesAndThoseOfWhoGathersIt() throws Exception {
        var graphs = new ArrayList<CallGraph>();
        run(() -> spawn("gatherer", () -> gatherOne(() -> graphs.add(Simul.callGraph())))
                .await());

        var graph = graphs.getFirst();
        assertThat(methods(graph.callStack()).getFirst()).contains("thePresentTaskSees");
        assertThat(graph.awaitedBy()).singleElement().satisfies(above -> {
            assertThat(above.task().name()).isEqualTo("gatherer");
            assertThat(methods(above.callStack())).startsWith("gatherOne");
            assertThat(above.awaitedBy()).hasSize(1);
        });
        assertThat(graph.toString())
                .contains("  + Call stack:\n  |   at dev.simul.CallGraphTest.")
                .contains("  + Awaited by:\n     * ");
    }

    @Test
    void whoWaitsInACombinatorIsAboveTheTask() throws Exception {
        run(() -> {
            var promise = new Promise<Integer>("shared");
            var inner = spawn("inner", () -> waitIn(promise));
            spawn("one of several", () -> Async.awaitUntil(Until.ALL_COMPLETED, List.of(inner)));
            spawn("in time", () -> Async.waitFor(Duration.ofHours(1), inner));
            spawn("shielding", () -> Async.shield(inner).await());
            spawn("timed", () -> Async.timeout(Duration.ofHours(1), () -> inner.await()));
            spawn("as completed", () -> Async.asCompleted(List.of(inner)).take());
            sleep(Duration.ZERO);

            var graph = Simul.callGraph(inner);

            assertThat(methods(graph.callStack())).startsWith("waitIn");
            assertThat(graph.awaitedBy())
                    .extracting(above -> above.task().name())
                    .containsExactlyInAnyOrder("one of several", "in time", "shielding", "timed", "as completed");
            promise.complete(1);
        });
    }

    @Test
    void limitKeepsTheOutermostOrTheInnermostFrames() throws Exception {
        run(() -> {
            var task = spawn("deep", () -> outer(new Promise<>("nothing")));
            sleep(Duration.ZERO);

            assertThat(methods(task.stack())).startsWith("inner", "middle", "outer");
            assertThat(task.stack(1)).containsExactly(task.stack().getLast());
            assertThat(methods(task.stack(-2))).containsExactly("inner", "middle");
            assertThat(task.stack(0)).isEmpty();
            assertThat(Simul.callGraph(task, -1).callStack()).hasSize(1);
            assertThat(Simul.callGraph(task, 0).callStack()).isEmpty();
            task.cancel();
        });
    }

    @Test
    void aFailedTaskHasTheFramesOfItsFailureAndAFinishedOneNone() throws Exception {
        run(() -> {
            var failed = spawn(() -> failing());
            var finished = spawn(() -> 1);
            sleep(Duration.ZERO);

            assertThat(methods(failed.stack())).startsWith("failing");
            assertThat(finished.stack()).isEmpty();
            assertThatThrownBy(() -> failed.await()).hasMessage("on purpose");
        });
    }

    @Test
    void aGeneratorsFramesBelongToTheCoroutineThatDrivesIt() throws Exception {
        run(() -> {
            var promise = new Promise<Integer>("a value");
            var driver = spawn("driver", () -> {
                try (var generator = Generator.<Integer>of(out -> out.yield(waitIn(promise)))) {
                    return generator.next();
                }
            });
            sleep(Duration.ZERO);

            var methods = methods(driver.stack());
            assertThat(methods).startsWith("waitIn");
            assertThat(methods.size()).isGreaterThanOrEqualTo(3);
            promise.complete(1);
            driver.await();
        });
    }

    @Test
    void aRingEndsWhereItCloses() throws Exception {
        run(() -> {
            var tasks = new ArrayList<Task<Integer>>();
            tasks.add(spawn("one", () -> tasks.get(1).await()));
            tasks.add(spawn("two", () -> tasks.get(0).await()));
            sleep(Duration.ZERO);

            var closing = Simul.callGraph(tasks.getFirst())
                    .awaitedBy()
                    .getFirst()
                    .awaitedBy()
                    .getFirst();

            assertThat(closing.task()).isSameAs(tasks.getFirst());
            assertThat(closing.awaitedBy()).isEmpty();
            tasks.getFirst().cancel();
        });
    }

    @Test
    void withoutALoopThereIsNoPresentTask() {
        assertThatThrownBy(Simul::callGraph)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a running loop");
    }

    @Test
    void inACallbackThereIsNoPresentTask() throws Exception {
        var graphs = new ArrayList<CallGraph>();
        run(() -> {
            spawn(() -> 1).onDone(_ -> graphs.add(Simul.callGraph()));
            sleep(Duration.ZERO);
            sleep(Duration.ZERO);
        });

        assertThat(graphs).containsExactly((CallGraph) null);
    }

    private static int waitIn(Promise<Integer> promise) {
        return promise.join();
    }

    private static boolean gatherOne(java.util.concurrent.Callable<Boolean> part) throws Exception {
        return gather(part).getFirst();
    }

    private static int failing() {
        throw new IllegalStateException("on purpose");
    }

    private static int outer(Promise<Integer> promise) {
        return middle(promise);
    }

    private static int middle(Promise<Integer> promise) {
        return inner(promise);
    }

    private static int inner(Promise<Integer> promise) {
        return promise.join();
    }

    private static List<String> methods(List<StackTraceElement> stack) {
        return stack.stream().map(StackTraceElement::getMethodName).toList();
    }
}
