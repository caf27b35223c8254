package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** contextvars.Context: to run something in, to copy, to carry. */
class ContextTest {

    private final TaskLocal<String> local = TaskLocal.of("local");

    @Test
    void whatIsSetInsideStaysInsideAndIsThereTheNextTime() throws Exception {
        var context = Context.empty();

        var result = context.run(() -> {
            local.set("inside");
            return 42;
        });

        assertThat(result).isEqualTo(42);
        assertThat(local.isSet()).isFalse();
        assertThat(context.get(local)).isEqualTo("inside");
        assertThat(context.run(local::get)).isEqualTo("inside");
    }

    @Test
    void aContextInsideAnotherDoesNotSeeTheOutersValuesAndAfterwardsTheyAreBack() throws Exception {
        var first = Context.empty();
        var second = Context.empty();
        first.run(() -> {
            local.set("first");
            second.run(() -> {
                assertThat(local.isSet()).isFalse();
                local.set("second");
            });
            assertThat(local.get()).isEqualTo("first");
        });
        assertThat(second.get(local)).isEqualTo("second");
    }

    @Test
    void changesSurviveAnExceptionButOnlyInside() throws Exception {
        var context = Context.empty();

        assertThatThrownBy(() -> context.run(() -> {
                    local.set("inside");
                    throw new IllegalArgumentException("in the body");
                }))
                .hasMessage("in the body");

        assertThat(local.isSet()).isFalse();
        assertThat(context.get(local)).isEqualTo("inside");
        assertThat(context.run(local::get)).isEqualTo("inside");
    }

    @Test
    void oneThatHasBeenEnteredIsNotEnteredAgain() throws Exception {
        var context = Context.empty();
        context.run(() -> assertThatIllegalStateException()
                .isThrownBy(() -> context.run(() -> 1))
                .withMessageContaining("run a copy()"));
        context.run(() ->
                Context.empty().run(() -> assertThatIllegalStateException().isThrownBy(() -> context.run(() -> 1))));
        assertThat(context.run(() -> 1)).isEqualTo(1);
    }

    @Test
    void oneThatAnotherThreadHasEnteredIsNotEnteredHere() throws Exception {
        var context = Context.empty();
        context.run(() -> inThread(() -> {
            assertThatIllegalStateException().isThrownBy(() -> context.run(() -> 1));
            assertThat(context.copy().run(() -> 2)).isEqualTo(2);
            return null;
        }));
    }

    @Test
    void theContextOfARunCountsAsEntered() throws Exception {
        var context = Context.empty();
        context.run(() -> {
            local.set("a");
            var copy = Context.capture();
            copy.run(() -> {
                local.set("b");
                assertThatIllegalStateException().isThrownBy(() -> context.run(() -> 1));
            });
            assertThat(local.get()).isEqualTo("a");
        });
    }

    @Test
    void aCopyAndItsOriginalAreIndependent() throws Exception {
        var original = Context.empty();
        original.run(() -> local.set("before"));
        var copy = original.copy();

        original.run(() -> local.set("original"));
        assertThat(copy.get(local)).isEqualTo("before");
        copy.run(() -> local.set("copy"));

        assertThat(original.get(local)).isEqualTo("original");
        assertThat(copy.get(local)).isEqualTo("copy");
    }

    @Test
    void aCapturedContextIsACopyOfTheCurrentOne() throws Exception {
        Context.empty().run(() -> {
            local.set("now");
            var captured = Context.capture();
            local.set("later");

            assertThat(captured.get(local)).isEqualTo("now");
            assertThat(captured.run(local::get)).isEqualTo("now");
        });
    }

    @Test
    void itsValuesCanBeLookedAtButNotChangedFromOutside() throws Exception {
        var context = Context.empty();
        assertThat(context.asMap()).isEmpty();
        assertThat(context.isSet(local)).isFalse();
        context.run(() -> local.set("x"));

        assertThat(context.isSet(local)).isTrue();
        assertThat(context.asMap()).containsOnlyKeys(local).containsValue("x");
        assertThatThrownBy(() -> context.asMap().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(context.get(TaskLocal.of("with default", 5))).isEqualTo(5);
        assertThat(context).hasToString("Context{TaskLocal[local]=x}");
    }

    // ---- coroutines

    @Test
    void aCoroutineMayWaitInsideOneAndOthersDoNotSeeIt() throws Exception {
        new VirtualTime().run(() -> {
            local.set("task");
            var other = spawn(() -> {
                sleep(Duration.ofMillis(1));
                return local.get();
            });
            Context.empty().run(() -> {
                local.set("inside");
                sleep(Duration.ofMillis(2));
                assertThat(local.get()).isEqualTo("inside");
                assertThat(spawn(local::get).await()).isEqualTo("inside");
            });
            assertThat(other.await()).isEqualTo("task");
            assertThat(local.get()).isEqualTo("task");
        });
    }

    @Test
    void aTaskMayBeGivenAContextThatIsThenItsOwn() throws Exception {
        new VirtualTime().run(() -> {
            var context = Context.empty();
            var task = context.spawn(() -> {
                local.set("by the task");
                assertThatIllegalStateException().isThrownBy(() -> context.run(() -> 1));
            });
            assertThat(Context.of(task)).isSameAs(context);
            task.await();

            assertThat(context.get(local)).isEqualTo("by the task");
            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void tasksOfAGroupMayRunInOneContextThatKeepsWhatTheySet() throws Exception {
        Async.run(() -> {
            var context = Context.capture();
            TaskGroup.within((TaskGroup<String> group) -> {
                for (var value : new String[] {"first", "second"}) {
                    group.fork(() -> context.run(() -> {
                                sleep(Duration.ZERO);
                                local.set(value);
                                return value;
                            }))
                            .await();
                    assertThat(context.get(local)).isEqualTo(value);
                }
                return true;
            });
            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void theContextOfATaskCanBeLookedAt() throws Exception {
        new VirtualTime().run(() -> {
            local.set("parent");
            var task = spawn(() -> {
                local.set("child");
                sleep(Duration.ofMillis(2));
            });
            assertThat(Context.of(task).get(local)).isEqualTo("parent");
            sleep(Duration.ofMillis(1));
            assertThat(Context.of(task).get(local)).isEqualTo("child");
            assertThatThrownBy(() -> Context.of(new Promise<>("a promise")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("only coroutines have a context");
        });
    }

    // ---- wrapping

    @Test
    void wrappedWorkSeesTheValuesOfTheWrappingHoweverOftenItRunsAndLeavesNothing() throws Exception {
        var context = Context.empty();
        var seen = new ArrayList<String>();
        context.run(() -> local.set("wrapped"));
        Runnable work = context.wrap(() -> {
            seen.add(local.get());
            local.set("by the work");
        });
        context.run(() -> local.set("later"));

        work.run();
        context.run(work::run);
        inThread(() -> {
            work.run();
            return null;
        });

        assertThat(seen).containsExactly("wrapped", "wrapped", "wrapped");
        assertThat(local.isSet()).isFalse();
        assertThat(context.get(local)).isEqualTo("later");
    }

    @Test
    void aWrappedCallableReturnsAndThrowsWhatItsWorkDoes() throws Exception {
        var context = Context.empty();
        context.run(() -> local.set("wrapped"));
        Callable<String> reads = context.wrap(local::get);
        Callable<String> fails = context.wrap((Callable<String>) () -> {
            throw new java.io.IOException(local.get());
        });

        assertThat(inThread(reads)).isEqualTo("wrapped");
        assertThatThrownBy(fails::call).isInstanceOf(java.io.IOException.class).hasMessage("wrapped");
    }

    @Test
    void aWrappedExecutorRunsEverythingInTheOneContext() throws Exception {
        var context = Context.empty();
        context.run(() -> local.set("of the executor"));
        Executor executor = context.wrap((Executor) Runnable::run);
        var seen = new ArrayList<String>();

        Context.empty().run(() -> {
            local.set("of the caller");
            executor.execute(() -> seen.add(local.get()));
        });

        assertThat(seen).containsExactly("of the executor");
    }

    @Test
    void aTaskWrappingExecutorRunsEachPieceInTheContextOfWhoHandsItOver() throws Exception {
        var queue = new ArrayList<Runnable>();
        Executor executor = Context.taskWrapping(queue::add);
        var seen = new ArrayList<String>();

        for (var caller : new String[] {"first", "second"}) {
            Context.empty().run(() -> {
                local.set(caller);
                executor.execute(() -> seen.add(local.get()));
            });
        }
        queue.forEach(Runnable::run);

        assertThat(seen).containsExactly("first", "second");
    }

    // ---- threads

    @Test
    void aNewThreadStartsEmptyUnlessSomethingIsWrappedForIt() throws Exception {
        Context.empty().run(() -> {
            local.set("here");

            assertThat(inThread(local::isSet)).isFalse();
            assertThat(inThread(Context.capture().wrap(local::get))).isEqualTo("here");
            assertThat(inThread(Context.empty().wrap(local::isSet))).isFalse();
        });
    }

    private static <T> T inThread(Callable<T> work) throws Exception {
        var task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task.get();
    }
}
