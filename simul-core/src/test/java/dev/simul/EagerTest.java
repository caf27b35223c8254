package dev.simul;

import static dev.simul.Async.currentTask;
import static dev.simul.Async.gather;
import static dev.simul.Async.spawn;
import static dev.simul.Async.spawnEagerly;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** asyncio's eager tasks. */
class EagerTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void taskThatNeverWaitsHasEndedWhenItIsSpawned() throws Exception {
        time.run(() -> {
            var task = spawnEagerly(() -> {
                log.add("body");
                return "hello";
            });
            log.add("spawned");

            assertThat(task.result()).isEqualTo("hello");
            assertThat(task.cancel()).isFalse();
            assertThat(task.await()).isEqualTo("hello");
            assertThat(task.state()).isEqualTo(Task.State.DONE);
        });

        assertThat(log).containsExactly("body", "spawned");
    }

    @Test
    void failureIsThatOfTheTask() throws Exception {
        time.run(() -> {
            var task = spawnEagerly(() -> failWith(new IOException("at once")));
            assertThat(task.state()).isEqualTo(Task.State.FAILED);
            assertThatThrownBy(task::await).hasMessage("at once");
        });
    }

    @Test
    void taskThatWaitsGoesOnLikeAnyOther() throws Exception {
        time.run(() -> {
            var task = spawnEagerly(() -> {
                log.add("first step");
                sleepMillis(10);
                return "finished after waiting";
            });
            assertThat(log).containsExactly("first step");
            assertThat(task.isDone()).isFalse();
            assertThat(task.await()).isEqualTo("finished after waiting");
            assertThat(time.elapsedMillis()).isEqualTo(10);
        });
    }

    @Test
    void spawnerIsNotInterruptedByAnybodyElse() throws Exception {
        time.run(() -> {
            spawn(() -> log.add("other"));
            spawnEagerly(() -> log.add("eager"));
            log.add("spawner");
            pass();
        });

        assertThat(log).containsExactly("eager", "spawner", "other");
    }

    @Test
    void taskCanBeCancelledWhereItWaits() throws Exception {
        time.run(() -> {
            var task = spawnEagerly(() -> sleepMillis(100));
            task.cancel("the message");

            assertThat(task.cancelRequests()).isPositive();
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("the message");
        });
    }

    @Test
    void currentTaskIsTheNewOneAndThenTheSpawnerAgain() throws Exception {
        time.run(() -> {
            var spawner = currentTask();
            List<Task<?>> seen = new ArrayList<>();
            var task = spawnEagerly("eager", () -> {
                seen.add(currentTask());
                assertThat(requireNonNull(currentTask()).name()).isEqualTo("eager");
                assertThat(requireNonNull(currentTask()).state()).isEqualTo(Task.State.RUNNING);
                sleepMillis(10);
                seen.add(currentTask());
            });
            assertThat(currentTask()).isSameAs(spawner);
            assertThat(requireNonNull(spawner).state()).isEqualTo(Task.State.RUNNING);
            task.await();
            assertThat(seen).containsExactly(task, task);
        });
    }

    @Test
    void taskIsAmongTheLoopsTasksFromItsFirstStepToItsEnd() throws Exception {
        time.run(() -> {
            var loop = requireNonNull(EventLoop.current());
            List<Task<?>> seen = new ArrayList<>();
            var quick = spawnEagerly(() -> seen.addAll(loop.tasks()));
            assertThat(seen).contains(quick);
            assertThat(loop.tasks()).doesNotContain(quick);

            var slow = spawnEagerly(() -> pass());
            assertThat(loop.tasks()).contains(slow);
            slow.await();
            assertThat(loop.tasks()).doesNotContain(slow);
        });
    }

    @Test
    void callbacksStillHaveTheirTurn() throws Exception {
        time.run(() -> {
            var task = spawnEagerly(() -> 1);
            task.onDone(_ -> log.add("callback"));
            log.add("registered");
            pass();
        });

        assertThat(log).containsExactly("registered", "callback");
    }

    @Test
    void eagerTasksMaySpawnEagerly() throws Exception {
        time.run(() -> {
            assertThat(countDown(1000).result()).isEqualTo(1000);
            log.add("outer");
            spawnEagerly(() -> {
                log.add("first");
                spawnEagerly(() -> {
                    log.add("second");
                    pass();
                    log.add("second again");
                });
                log.add("first again");
            });
            log.add("outer again");
            pass();
        });

        assertThat(log).containsExactly("outer", "first", "second", "first again", "outer again", "second again");
    }

    @Test
    void callbackMaySpawnEagerly() throws Exception {
        time.run(() -> {
            var task = spawn(() -> 1);
            task.onDone(_ -> {
                spawnEagerly(() -> {
                    log.add("eager");
                    pass();
                    log.add("eager again");
                });
                log.add("callback");
            });
            task.await();
            pass();
            pass();
        });

        assertThat(log).containsExactly("eager", "callback", "eager again");
    }

    @Test
    void generatorMaySpawnEagerly() throws Exception {
        time.run(() -> {
            var numbers = Generator.<Integer>of(out -> {
                var task = spawnEagerly(() -> 42);
                out.yield(task.join());
            });
            assertThat(numbers.next()).isEqualTo(42);
        });
    }

    @Test
    void taskLocalsThatItSetsStayItsOwn() throws Exception {
        var local = TaskLocal.<Integer>of("n");
        time.run(() -> {
            local.set(1);
            var task = spawnEagerly(() -> {
                log.add("sees " + local.get());
                local.set(2);
                pass();
                log.add("has " + local.get());
            });
            assertThat(local.get()).isEqualTo(1);
            task.await();
            assertThat(local.get()).isEqualTo(1);
        });

        assertThat(log).containsExactly("sees 1", "has 2");
    }

    @Test
    void loopOfEagerTasksTakesNoStepForATreeOfGathersThatNeverWaits() throws Exception {
        time.run(() -> {
            var loop = requireNonNull(EventLoop.current());
            loop.startEagerly(true);
            spawnLaterAndLog(loop);
            gatherTree(5, 4);
            assertThat(loop.statistics().spawned()).isEqualTo(1 + 5 + 25 + 125 + 625);
            assertThat(log).isEmpty();
        });
    }

    @Test
    void groupsCopeWithTasksThatHaveEndedWhenTheyAreForked() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            groupTree(5, 3);
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> 1);
                group.fork(() -> {
                    pass();
                    return 2;
                });
                assertThat(group.join()).containsExactly(1, 2);
            }
            assertThatThrownBy(() -> TaskGroup.within(group -> {
                        group.fork(() -> failWith(new IOException("at once")));
                        sleepMillis(1000);
                        return log.add("never here");
                    }))
                    .hasStackTraceContaining("at once");
        });

        assertThat(log).isEmpty();
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void taskThatEndsItsGroupInItsFirstStepIsCancelledWhereItWaits() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            TaskGroup.within((TaskGroup<Object> group) -> {
                group.fork(() -> {
                    group.cancel();
                    log.add("goes on");
                    sleepMillis(1000);
                    log.add("never here");
                });
                return true;
            });
            TaskGroup.within((TaskGroup<Object> group) -> {
                group.forkDaemon(() -> {
                    group.cancel();
                    sleepMillis(1000);
                    log.add("never here");
                });
                return true;
            });
        });

        assertThat(log).containsExactly("goes on");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void taskThatEndsItsGroupInItsOnlyStepKeepsItsResult() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> {
                    group.cancel();
                    return 1;
                });
                assertThat(group.join()).containsExactly(1);
            }
        });
    }

    @Test
    void firstStepOfATaskIsInTheScopeOfItsGroup() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            var outer = new CancelScope();
            outer.run(() -> TaskGroup.within(group -> {
                group.fork(() -> new CancelScope().run(() -> sleepMillis(1000)));
                group.fork(() -> TaskGroup.within(inner -> inner.fork(() -> sleepMillis(1000))));
                outer.cancel();
                group.fork(() -> {
                    log.add("begins");
                    pass();
                    log.add("never here");
                });
                return true;
            }));
            assertThat(outer.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("begins");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void serviceThatIsReadyInItsFirstStepBelongsToTheGroupThen() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            TaskGroup.within(group -> {
                assertThat(group.start((TaskStatus<String> status) -> {
                            status.started("ready");
                            sleepMillis(5);
                            log.add("served");
                        }))
                        .isEqualTo("ready");
                return log.add("started");
            });
        });

        assertThat(log).containsExactly("started", "served");
    }

    @Test
    void firstStepOfATaskIsInTheContextThatItWasGiven() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            var user = TaskLocal.<String>of("user");
            var context = Context.capture();
            context.spawn(() -> user.set("ada")).await();

            assertThat(context.get(user)).isEqualTo("ada");
            assertThat(user.isSet()).isFalse();
        });
    }

    @Test
    void combinatorsCopeWithTasksThatHaveEndedWhenTheyAreMade() throws Exception {
        time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            assertThat(Async.race(() -> 1, () -> Async.sleep(ofSeconds(9), 2))).isEqualTo(1);
            assertThat(Async.map(2, List.of(1, 2, 3), item -> 10 * item)).containsExactly(10, 20, 30);
            assertThat(Async.shield(() -> 4)).isEqualTo(4);
            assertThat(Async.waitFor(ofSeconds(1), spawn(() -> 5))).isEqualTo(5);
            assertThat(Async.gatherOutcomes(() -> 6, () -> failWith(new IOException("seven"))))
                    .extracting(Object::getClass)
                    .containsExactly(Outcome.Returned.class, Outcome.Threw.class);
            assertThat(Async.awaitUntil(Until.FIRST_COMPLETED, List.of(spawn(() -> 8), spawn(() -> sleepMillis(9000))))
                            .done())
                    .hasSize(1);
            List<Integer> results = new ArrayList<>();
            for (var task : Async.asCompleted(() -> Async.sleep(ofSeconds(1), 10), () -> 9)) {
                results.add(task.result());
            }
            assertThat(results).containsExactly(9, 10);
            assertThat(Generator.<Integer>of(out -> {
                                out.yield(11);
                                pass();
                                out.yield(12);
                            })
                            .buffered(1))
                    .containsExactly(11, 12);
            TaskGroup.supervise((task, failure) -> log.add(failure.getMessage()), (TaskGroup<Integer> group) -> {
                group.fork(() -> failWith(new IOException("twelve")));
                return group.fork(() -> 13).await();
            });
        });

        assertThat(log).containsExactly("twelve");
        assertThat(time.elapsedMillis()).isEqualTo(1000);
    }

    @Test
    void chainOfPlainCallsIsOneTask() throws Exception {
        time.run(() -> {
            assertThat(depth(100)).isEqualTo(100);
            assertThat(requireNonNull(EventLoop.current()).statistics().spawned())
                    .isEqualTo(1);
        });
    }

    private void spawnLaterAndLog(EventLoop loop) {
        loop.callSoon(() -> log.add("the loop took a step"));
    }

    private static void gatherTree(int width, int depth) throws Exception {
        if (depth > 0) {
            List<Callable<Object>> parts = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                parts.add(() -> {
                    gatherTree(width, depth - 1);
                    return "";
                });
            }
            List<Task<Object>> tasks = new ArrayList<>();
            for (var part : parts) {
                tasks.add(spawn(part));
            }
            gather(tasks).await();
        }
    }

    private static void groupTree(int width, int depth) throws Exception {
        if (depth > 0) {
            try (var group = TaskGroup.<Object>open()) {
                for (int i = 0; i < width; i++) {
                    group.fork(() -> groupTree(width, depth - 1));
                }
                group.join();
            }
        }
    }

    private static Task<Integer> countDown(int depth) {
        return spawnEagerly(() -> depth == 0 ? 0 : 1 + countDown(depth - 1).result());
    }

    private static int depth(int left) {
        return left == 0 ? 0 : 1 + depth(left - 1);
    }

    private static int failWith(Exception failure) throws Exception {
        throw failure;
    }
}
