package dev.simul;

import static dev.simul.Async.asCompleted;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.as_completed, iterated as {@code async for} does. */
class AsCompletedTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void tasksComeInTheOrderOfTheirEnds() throws Exception {
        time.run(() -> {
            for (var task : asCompleted(() -> after(30, "c"), () -> after(10, "a"), () -> after(20, "b"))) {
                log.add(task.result() + " at " + time.elapsedMillis());
            }
        });

        assertThat(log).containsExactly("a at 10", "b at 20", "c at 30");
    }

    @Test
    void theTasksThatComeOutAreThoseThatWentIn() throws Exception {
        time.run(() -> {
            var a = spawn(() -> after(20, "a"));
            var b = spawn(() -> after(10, "b"));

            assertThat(asCompleted(List.of(a, b)).iterator()).toIterable().containsExactly(b, a);
        });
    }

    @Test
    void taskGivenTwiceComesOnce() throws Exception {
        time.run(() -> {
            var ham = spawn(() -> "ham");
            var spam = spawn(() -> "spam");

            assertThat(asCompleted(List.of(ham, ham, spam)).iterator())
                    .toIterable()
                    .containsExactly(ham, spam);
        });
    }

    @Test
    void failuresAndCancellationsComeLikeResults() throws Exception {
        time.run(() -> {
            var failed = spawn(() -> fail());
            var cancelled = spawn(() -> sleepMillis(1000));
            cancelled.cancel();

            assertThat(asCompleted(List.<Task<?>>of(failed, cancelled)).iterator())
                    .toIterable()
                    .containsExactlyInAnyOrder(failed, cancelled);
            assertThat(failed.exception()).isInstanceOf(IOException.class);
        });
    }

    @Test
    void timeLimitIsThrownByTheIterationAfterWhatEndedInTime() throws Exception {
        time.run(() -> {
            var a = spawn(() -> after(100, "a"));
            var b = spawn(() -> after(150, "b"));
            var completed = asCompleted(List.of(a, b), ofMillis(120));

            assertThat(completed.next()).isSameAs(a);
            sleepMillis(10);
            assertThatThrownBy(completed::take)
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("1 (of 2) tasks unfinished");
            assertThat(time.elapsedMillis()).isEqualTo(120);
            assertThat(completed.hasNext()).isFalse();
            assertThat(b.await()).isEqualTo("b");
        });
    }

    @Test
    void inALoopTheTimeLimitComesUnchecked() throws Exception {
        time.run(() -> {
            var never = new Promise<Integer>("never");
            assertThatThrownBy(() -> {
                        for (var task : asCompleted(List.of(never), ofMillis(5))) {
                            log.add(task.name());
                        }
                    })
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        });

        assertThat(log).isEmpty();
    }

    @Test
    void unusedTimeLimitIsTakenOutOfTheTimers() throws Exception {
        time.run(() -> {
            for (var task : asCompleted(List.of(spawn(() -> after(10, "a"))), ofMillis(999))) {
                log.add(task.result());
            }
            assertThat(requireNonNull(EventLoop.current()).statistics().timers())
                    .isZero();
        });

        assertThat(log).containsExactly("a");
    }

    @Test
    void iterationThatWasBrokenOffGoesOn() throws Exception {
        time.run(() -> {
            AsCompleted<Task<Integer>> completed = asCompleted(() -> 0, () -> 1, () -> 2, () -> 3);
            for (var task : completed) {
                log.add("first " + task.result());
                if (task.result() == 1) {
                    break;
                }
            }
            for (var task : completed) {
                log.add("second " + task.result());
            }
        });

        assertThat(log).containsExactly("first 0", "first 1", "second 2", "second 3");
    }

    @Test
    void whoAsksFirstGetsWhatEndsFirst() throws Exception {
        time.run(() -> {
            AsCompleted<Task<String>> completed = asCompleted(() -> after(20, "b"), () -> after(10, "a"));
            List<Task<?>> askers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                int number = i;
                askers.add(
                        spawn(() -> log.add(number + " gets " + completed.take().result())));
            }
            for (var asker : askers) {
                asker.await();
            }
        });

        assertThat(log).containsExactly("0 gets a", "1 gets b");
    }

    @Test
    void cancelledAskerLeavesHisTurnToTheNext() throws Exception {
        time.run(() -> {
            AsCompleted<Task<String>> completed = asCompleted(() -> after(10, "a"));
            var impatient = spawn(() -> completed.take());
            pass();
            pass();
            impatient.cancel();
            pass();

            assertThat(completed.hasNext()).isTrue();
            assertThat(completed.take().result()).isEqualTo("a");
        });
    }

    /** The task has ended, the asker was woken for it, and is cancelled before it goes on. */
    @Test
    void askerThatIsCancelledWhenItsTaskHasEndedLosesNothing() throws Exception {
        time.run(() -> {
            var promise = new Promise<String>("post");
            var completed = asCompleted(List.of(promise));
            var impatient = spawn(() -> completed.take());
            pass();
            var patient = spawn(() -> completed.hasNext() ? completed.take() : promise);
            promise.complete("a");
            promise.onDone(_ -> impatient.cancel());

            assertThat(patient.await()).isSameAs(promise);
            assertThatThrownBy(impatient::await).isInstanceOf(CancelledError.class);
            assertThat(completed.take()).isSameAs(promise);
        });
    }

    @Test
    void nothingComesOfNothing() throws Exception {
        time.run(() -> {
            var completed = asCompleted(List.<Task<?>>of());
            assertThat(completed.hasNext()).isFalse();
            assertThatThrownBy(completed::next)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("all 0 tasks have been given out");
        });
    }

    @Test
    void outsideOfALoopItIsRefused() {
        assertThatThrownBy(() -> asCompleted(List.of(new Promise<Integer>("post"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("asCompleted(…) needs a running loop");
    }

    private static String after(long millis, String result) {
        sleepMillis(millis);
        return result;
    }

    private static int fail() throws IOException {
        throw new IOException("no");
    }
}
