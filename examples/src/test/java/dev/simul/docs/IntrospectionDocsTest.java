package dev.simul.docs;

import static dev.simul.Async.*;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.Action;
import dev.simul.CallGraph;
import dev.simul.Deadlock;
import dev.simul.EventLoop;
import dev.simul.Instrument;
import dev.simul.Simul;
import dev.simul.Task;
import dev.simul.TaskInfo;
import dev.simul.TaskTree;
import dev.simul.VirtualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The snippets of docs/introspection.md. */
@SuppressWarnings("SystemOut") // the reader's code, not ours
class IntrospectionDocsTest {

    @Test
    void theTreeHasAllLiveTasks() throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            loop.run(callable(() -> {
                spawn("child", () -> sleep(ofSeconds(5)));
                sleep(ofSeconds(1));
                TaskTree tree = Simul.tasks(); // from any thread
                TaskInfo child = tree.find("child").orElseThrow();
                System.out.println(child.waitsFor() + " at " + child.stack().getFirst());
                System.out.println(tree); // as pstree draws it; toTable() and toJson() are the others
                assertThat(child.waitsFor()).isEqualTo("the clock, 4.0 s");
            }));
        }
    }

    @Test
    void theGraphLeadsToThoseWhoWait() throws Exception {
        var names = new ArrayList<String>();
        run(() -> {
            var inner = spawn(() -> {
                sleep(ofSeconds(0));
                CallGraph graph = Simul.callGraph(); // of the task that runs
                for (CallGraph awaiter : graph.awaitedBy()) {
                    System.out.println(awaiter.task().name() + " is at "
                            + awaiter.callStack().getFirst());
                }
                graph.awaitedBy().forEach(awaiter -> names.add(awaiter.task().name()));
            });
            spawn("outer", () -> inner.await()).await();
        });
        assertThat(names).containsExactly("outer");
    }

    @Test
    void ringsAreFoundOnRequest() throws Exception {
        run(() -> {
            var tasks = new ArrayList<Task<Integer>>();
            tasks.add(spawn("Plato", () -> tasks.get(1).await()));
            tasks.add(spawn("Kant", () -> tasks.get(0).await()));
            sleep(ofSeconds(0));
            List<Deadlock> rings = Simul.deadlocks();
            assertThat(rings.getFirst()).hasToString("deadlock: Plato waits for task Kant, Kant waits for task Plato");
            tasks.getFirst().cancel();
        });
    }

    @Test
    void anInstrumentHearsWhichTasksEnd() throws Exception {
        var ended = new ArrayList<String>();
        try (var loop = EventLoop.open()) {
            loop.addInstrument(new Instrument() {
                @Override
                public void taskExited(Task<?> task) {
                    ended.add(task.name() + " " + task.state());
                }
            });
            loop.run(() -> spawn("answer", () -> 42).await());
        }
        assertThat(ended).contains("answer DONE");
    }

    private static Callable<Integer> callable(Action action) {
        return () -> {
            action.run();
            return 0;
        };
    }
}
