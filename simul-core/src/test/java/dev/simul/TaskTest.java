package dev.simul;

import static dev.simul.Async.currentTask;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** asyncio.Task as its owner sees it; what cancelling does is in CancellationTest. */
class TaskTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    void pendingTaskHasNoOutcome() throws Exception {
        time.run(() -> {
            var task = spawn("slow", () -> sleepMillis(5));

            assertThat(task.outcome()).isNull();
            assertThatThrownBy(task::result)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("task slow has not ended: wait for it with await()");
            assertThatThrownBy(task::exception).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void outcomeSaysHowTheTaskEnded() throws Exception {
        var failure = new IOException("no");
        time.run(() -> {
            var returned = spawn(() -> 42);
            var threw = spawn(() -> failWith(failure));
            var cancelled = spawn(() -> 1);
            cancelled.cancel("why");
            pass();

            assertThat(returned.outcome()).isEqualTo(new Outcome.Returned<>(42));
            assertThat(returned.result()).isEqualTo(42);
            assertThat(returned.exception()).isNull();
            assertThat(threw.exception()).isSameAs(failure);
            assertThatThrownBy(threw::result).isSameAs(failure);
            assertThatThrownBy(cancelled::result)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("why");
            assertThatThrownBy(cancelled::exception)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("why");
            assertThat(cancelled.outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            ended -> assertThat(ended.error().reason()).isEqualTo("why"));
        });
    }

    @Test
    void outsideOfLoopsTheResultOfACancelledTaskIsTheJdksCancellation() {
        var promise = new Promise<Integer>("post");
        promise.cancel("why");

        assertThatThrownBy(promise::result)
                .isInstanceOf(CancellationException.class)
                .hasMessage("why");
        assertThatThrownBy(promise::exception)
                .isInstanceOf(CancellationException.class)
                .hasMessage("why");
    }

    @Test
    void currentTaskIsTheOneThatRunsInEachOfInterleavedTasks() throws Exception {
        time.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int number = i;
                tasks.add(spawn(() -> {
                    for (int step = 0; step < 3; step++) {
                        assertThat(currentTask()).isSameAs(tasks.get(number));
                        pass();
                    }
                }));
            }
            for (var task : tasks) {
                task.await();
            }
        });
    }

    @Test
    void callbackHasALoopButNoCurrentTask() throws Exception {
        time.run(() -> {
            var task = spawn(() -> 1);
            task.onDone(_ -> log.add("task " + currentTask() + ", loop " + (EventLoop.current() != null)));
            task.await();
        });

        assertThat(log).containsExactly("task null, loop true");
    }

    @Test
    void outsideOfALoopThereIsNoCurrentTask() {
        assertThat(EventLoop.current()).isNull();
        assertThatThrownBy(Async::currentTask)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("currentTask() needs a running loop");
    }

    private static int failWith(Exception failure) throws Exception {
        throw failure;
    }
}
