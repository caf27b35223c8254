package dev.simul;

import static dev.simul.Async.await;
import static dev.simul.Async.gather;
import static dev.simul.Async.on;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** contextvars.ContextVar: values, tokens, and who sees what. */
class TaskLocalTest {

    private final TaskLocal<String> local = TaskLocal.of("request");

    // ---- get, set, reset

    @Test
    void oneWithoutAValueSaysSoByName() throws Exception {
        inContextOfItsOwn(() -> {
            assertThatThrownBy(local::get)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("task-local request has no value here");
            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void orElseWinsOverTheDefaultAndGetTakesIt() throws Exception {
        var withDefault = TaskLocal.of("user", "nobody");
        inContextOfItsOwn(() -> {
            assertThat(withDefault.get()).isEqualTo("nobody");
            assertThat(withDefault.orElse("somebody")).isEqualTo("somebody");
            assertThat(withDefault.isSet()).isFalse();
            assertThat(local.orElse("none")).isEqualTo("none");

            withDefault.set("ann");

            assertThat(withDefault.orElse("somebody")).isEqualTo("ann");
        });
    }

    @Test
    void nullIsAValue() throws Exception {
        TaskLocal<@Nullable String> nullable = TaskLocal.of("nullable");
        inContextOfItsOwn(() -> {
            nullable.set(null);

            assertThat(nullable.isSet()).isTrue();
            assertThat(nullable.get()).isNull();
            assertThat(nullable.orElse("other")).isNull();
            assertThat(TaskLocal.<@Nullable String>of("null by default", null).get())
                    .isNull();
        });
    }

    @Test
    void aTokenKnowsThatThereWasNothingAndThenWhatThereWas() throws Exception {
        inContextOfItsOwn(() -> {
            var first = local.set("a");
            var second = local.set("b");

            assertThat(first.local()).isSameAs(local);
            assertThat(first.hasOldValue()).isFalse();
            assertThatThrownBy(first::oldValue)
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessageContaining("hasOldValue()");
            assertThat(second.hasOldValue()).isTrue();
            assertThat(second.oldValue()).isEqualTo("a");
        });
    }

    @Test
    void resetRestoresTheValueBeforeAndThenThatThereWasNone() throws Exception {
        inContextOfItsOwn(() -> {
            var first = local.set("a");
            var second = local.set("b");

            local.reset(second);
            assertThat(local.get()).isEqualTo("a");

            local.reset(first);
            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void aTokenIsUsedOnce() throws Exception {
        inContextOfItsOwn(() -> {
            var token = local.set("a");
            local.reset(token);

            assertThatIllegalStateException()
                    .isThrownBy(() -> local.reset(token))
                    .withMessageContaining("has been used");
            assertThat(token).hasToString("Token[request, used]");
        });
    }

    @Test
    void aTokenOfAnotherVariableIsRefusedAndStaysGood() throws Exception {
        TaskLocal<String> other = TaskLocal.of("other");
        inContextOfItsOwn(() -> {
            var token = local.set("a");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> other.reset(token))
                    .withMessageContaining("of request, not of other");

            local.reset(token);
            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void aTokenOfAnotherContextIsRefused() throws Exception {
        inContextOfItsOwn(() -> {
            var token = local.set("a");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Context.capture().run(() -> local.reset(token)))
                    .withMessageContaining("comes from another context");
            assertThat(local.get()).isEqualTo("a");
        });
    }

    @Test
    void aTokenOfAnotherTaskIsRefused() throws Exception {
        new VirtualTime().run(() -> {
            var token = local.set("a");
            var child = spawn(() -> local.reset(token));

            assertThatIllegalArgumentException().isThrownBy(child::await);
        });
    }

    @Test
    void aTokenInTryWithResourcesRestoresAtTheEndWhateverWasSetInside() throws Exception {
        inContextOfItsOwn(() -> {
            local.set("before");
            try (var _ = local.set("inside")) {
                assertThat(local.get()).isEqualTo("inside");
                local.set("later");
                local.set("and later");
            }
            assertThat(local.get()).isEqualTo("before");
        });
    }

    @Test
    void aTokenInTryWithResourcesRestoresOnAnError() throws Exception {
        inContextOfItsOwn(() -> {
            assertThatThrownBy(() -> {
                        try (var _ = local.set("inside")) {
                            throw new IllegalStateException("in the block");
                        }
                    })
                    .hasMessage("in the block");
            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void resettingInsideTheBlockMakesItsEndFail() throws Exception {
        inContextOfItsOwn(() -> assertThatIllegalStateException()
                .isThrownBy(() -> {
                    try (var token = local.set("inside")) {
                        local.reset(token);
                    }
                })
                .withMessageContaining("has been used"));
    }

    @Test
    void whereBindsForTheBodyAlone() throws Exception {
        inContextOfItsOwn(() -> {
            local.set("outside");

            var seen = local.where("inside", () -> {
                var value = local.get();
                local.set("changed");
                return value;
            });

            assertThat(seen).isEqualTo("inside");
            assertThat(local.get()).isEqualTo("outside");
            assertThatThrownBy(() -> local.where("inside", () -> {
                        throw new IllegalStateException("in the body");
                    }))
                    .hasMessage("in the body");
            assertThat(local.get()).isEqualTo("outside");
        });
    }

    @Test
    void aThousandVariablesDoNotGetMixedUp() throws Exception {
        inContextOfItsOwn(() -> {
            var locals = new ArrayList<TaskLocal<Integer>>();
            var tokens = new ArrayList<TaskLocal.Token<Integer>>();
            for (int i = 0; i < 1000; i++) {
                locals.add(TaskLocal.of("local " + i));
                tokens.add(locals.get(i).set(i));
            }
            for (int i = 0; i < 1000; i += 2) {
                locals.get(i).reset(tokens.get(i));
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(locals.get(i).orElse(-1)).isEqualTo(i % 2 == 0 ? -1 : i);
            }
            assertThat(Context.capture().asMap()).hasSize(500);
        });
    }

    // ---- tasks

    @Test
    void aTaskSeesTheValueOfItsCreationAndNotWhatTheParentSetsLater() throws Exception {
        new VirtualTime().run(() -> {
            local.set("at creation");
            var child = spawn(local::get);
            local.set("later");

            assertThat(child.await()).isEqualTo("at creation");
        });
    }

    @Test
    void whatATaskSetsIsInvisibleToItsParentAndItsSiblings() throws Exception {
        new VirtualTime().run(() -> {
            local.set("parent");
            spawn(() -> {
                local.set("child");
                sleep(Duration.ofSeconds(1));
                assertThat(local.get()).isEqualTo("child");
            });
            var sibling = spawn(() -> {
                sleep(Duration.ofSeconds(2));
                return local.get();
            });

            assertThat(sibling.await()).isEqualTo("parent");
            assertThat(local.get()).isEqualTo("parent");
        });
    }

    @Test
    void whatATaskSetsFirstIsInvisibleToItsParentToo() throws Exception {
        new VirtualTime().run(() -> {
            spawn(() -> local.set("child")).await();

            assertThat(local.isSet()).isFalse();
        });
    }

    @Test
    void aHundredInterleavedTasksKeepTheirOwnValuesOverTenSuspensions() throws Exception {
        TaskLocal<Integer> number = TaskLocal.of("number");
        new VirtualTime().run(() -> {
            number.set(-1);
            List<Callable<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int own = i;
                parts.add(() -> {
                    number.set(own);
                    for (int round = 0; round < 10; round++) {
                        sleep(Duration.ofMillis(own % 7));
                        assertThat(number.get()).isEqualTo(own + round);
                        number.set(own + round + 1);
                    }
                    return number.get();
                });
            }

            var results = gather(parts.toArray(Callable[]::new));

            for (int i = 0; i < 100; i++) {
                assertThat(results.get(i)).isEqualTo(i + 10);
            }
            assertThat(number.get()).isEqualTo(-1);
        });
    }

    @Test
    void aTaskOfAGroupSeesTheValuesOfItsForker() throws Exception {
        new VirtualTime().run(() -> {
            try (var group = TaskGroup.<String>open()) {
                local.set("first");
                group.fork(() -> local.get());
                local.set("second");
                group.fork(() -> local.get());

                assertThat(group.join()).containsExactly("first", "second");
            }
        });
    }

    @Test
    void aTaskSubmittedByAThreadSeesTheValuesOfTheThread() throws Exception {
        try (var loop = EventLoop.open()) {
            var task = inThread(() -> {
                local.set("thread");
                return loop.submit(local::get);
            });

            assertThat(loop.run(() -> await(task))).isEqualTo("thread");
        }
    }

    @Test
    void whatAnEagerTaskSetsBeforeAndAfterItsFirstWaitIsInvisibleToItsCreator() throws Exception {
        new VirtualTime().run(() -> {
            local.set("1");
            var task = Async.spawnEagerly(() -> {
                local.set("2");
                sleep(Duration.ofMillis(1));
                assertThat(local.get()).isEqualTo("2");
                local.set("3");
                return local.get();
            });
            assertThat(local.get()).isEqualTo("1");
            assertThat(task.await()).isEqualTo("3");
            assertThat(local.get()).isEqualTo("1");
        });
    }

    // ---- runs of a loop

    @Test
    void theRunsOfOneLoopShareAContext() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.run(() -> local.set("by the first run"));

            assertThat(loop.run(local::get)).isEqualTo("by the first run");
        }
    }

    @Test
    void aLoopStartsWithTheValuesOfWhoOpenedItAndChangesThemForItselfOnly() throws Exception {
        inContextOfItsOwn(() -> {
            local.set("outside");
            try (var loop = EventLoop.open()) {
                local.set("after opening");
                loop.run(() -> {
                    assertThat(local.get()).isEqualTo("outside");
                    return local.set("inside");
                });
            }
            assertThat(local.get()).isEqualTo("after opening");
        });
    }

    // ---- callbacks and executors

    @Test
    void aDoneCallbackRunsInACopyOfTheContextInWhichItWasRegistered() throws Exception {
        var seen = new ArrayList<String>();
        new VirtualTime().run(() -> {
            var promise = new Promise<String>("a value");
            local.set("first");
            promise.onDone(_ -> {
                seen.add(local.get());
                local.set("by the callback");
            });
            local.set("second");
            promise.onDone(_ -> seen.add(local.get()));
            local.set("third");
            promise.complete("done");
            sleep(Duration.ZERO);
            sleep(Duration.ZERO);

            assertThat(local.get()).isEqualTo("third");
        });
        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void aDoneCallbackThatSetsSomethingLeavesNothingBehindForTheNext() throws Exception {
        var seen = new ArrayList<Boolean>();
        new VirtualTime().run(() -> {
            var promise = new Promise<String>("a value");
            promise.onDone(_ -> local.set("by the callback"));
            promise.onDone(_ -> seen.add(local.isSet()));
            promise.complete("done");
            sleep(Duration.ZERO);
            sleep(Duration.ZERO);
        });
        assertThat(seen).containsExactly(false);
    }

    @Test
    void callbacksAndTimersOfALoopRunInACopyOfTheContextInWhichTheyWereMade() throws Exception {
        var seen = new ArrayList<String>();
        new VirtualTime().run(() -> {
            var loop = java.util.Objects.requireNonNull(EventLoop.current());
            Runnable callback = () -> {
                seen.add(local.get());
                local.set("by a callback");
            };
            local.set("soon");
            loop.callSoon(callback);
            local.set("later");
            loop.callLater(Duration.ofMillis(1), callback);
            local.set("executed");
            loop.execute(callback);
            local.set("afterwards");
            sleep(Duration.ofMillis(2));
            assertThat(local.get()).isEqualTo("afterwards");
        });
        assertThat(seen).containsExactlyInAnyOrder("soon", "executed", "later");
    }

    @Test
    void aCallbackThatAThreadMadeRunsWithTheValuesOfTheThread() throws Exception {
        inContextOfItsOwn(() -> {
            var promise = new Promise<String>("a value");
            var seen = new ArrayList<String>();
            local.set("registered");
            promise.onDone(_ -> seen.add(local.get()));

            inThread(() -> promise.complete("done"));

            assertThat(seen).containsExactly("registered");
        });
    }

    @Test
    void workOnAnExecutorSeesTheValuesOfTheCoroutineAndKeepsItsOwn() throws Exception {
        try (var threads = Executors.newSingleThreadExecutor()) {
            Async.run(() -> {
                local.set("coroutine");
                var seen = on(threads, () -> {
                    var value = local.get();
                    local.set("thread");
                    return value;
                });
                assertThat(await(seen)).isEqualTo("coroutine");
                assertThat(local.get()).isEqualTo("coroutine");
            });
            assertThat(threads.submit(local::isSet).get()).isFalse();
        }
    }

    // ---- generators

    @Test
    void aGeneratorsBodyHasTheContextOfItsDriverOfTheMoment() throws Exception {
        var values = Generator.of(out -> {
            out.yield(local.orElse("none"));
            out.yield(local.orElse("none"));
            local.set("by the body");
            out.yield(local.orElse("none"));
        });
        inContextOfItsOwn(() -> {
            try (values) {
                assertThat(values.next()).isEqualTo("none");
                local.set("driver");
                assertThat(values.next()).isEqualTo("driver");
                assertThat(inThread(values::next)).isEqualTo("by the body");
                assertThat(local.get()).isEqualTo("driver");
            }
        });
    }

    @Test
    void whatAGeneratorsBodySetsItsDriverSees() throws Exception {
        inContextOfItsOwn(() -> {
            try (var values = Generator.<Integer>of(out -> {
                local.set("by the body");
                out.yield(1);
            })) {
                values.next();
                assertThat(local.get()).isEqualTo("by the body");
            }
        });
        new VirtualTime().run(() -> {
            try (var values = Generator.<Integer>of(out -> {
                local.set("by the body");
                out.yield(1);
            })) {
                values.next();
                assertThat(local.get()).isEqualTo("by the body");
            }
        });
    }

    @Test
    void aGeneratorDrivenByACoroutineHasTheCoroutinesContext() throws Exception {
        new VirtualTime().run(() -> {
            local.set("coroutine");
            try (var values = Generator.<String>of(out -> {
                out.yield(local.get());
                sleep(Duration.ofSeconds(1));
                out.yieldFrom(Generator.of(inner -> inner.yield(local.get())));
            })) {
                assertThat(values.next()).isEqualTo("coroutine");
                local.set("changed");
                assertThat(values.next()).isEqualTo("changed");
            }
        });
    }

    @Test
    void aGeneratorsBodyThatYieldsInsideAContextOfItsOwnHidesThatFromItsDriver() throws Exception {
        new VirtualTime().run(() -> {
            local.set("driver");
            try (var values = Generator.<String>of(out -> {
                local.where("body", () -> {
                    out.yield(local.get());
                    out.yield(local.get());
                });
                out.yield(local.get());
            })) {
                assertThat(values.next()).isEqualTo("body");
                assertThat(local.get()).isEqualTo("driver");
                local.set("driver again");
                assertThat(values.next()).isEqualTo("body");
                assertThat(values.next()).isEqualTo("driver again");
            }
        });
    }

    private static void inContextOfItsOwn(Action test) throws Exception {
        Context.empty().run(test);
    }

    private static <T extends @Nullable Object> T inThread(Callable<T> work) throws Exception {
        var task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task.get();
    }
}
