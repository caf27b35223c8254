package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** trio's nursery.start: a task that says when it is ready. */
class TaskGroupStartTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void startReturnsWhenTheTaskIsReadyAndTheGroupWaitsForTheRest() throws Exception {
        time.run(() -> {
            TaskGroup.within(group -> {
                int port = group.start("server", (TaskStatus<Integer> status) -> {
                    sleepMillis(10);
                    status.started(8080);
                    sleepMillis(20);
                    log.add("served");
                });
                assertThat(port).isEqualTo(8080);
                assertThat(time.elapsedMillis()).isEqualTo(10);
                assertThat(group.tasks()).extracting(Task::name).containsExactly("server");
                return true;
            });
            assertThat(time.elapsedMillis()).isEqualTo(30);
        });

        assertThat(log).containsExactly("served");
    }

    @Test
    void failureBeforeItIsReadyIsThrownAtTheCallerAlone() throws Exception {
        var failure = new IOException("port taken");
        time.run(() -> TaskGroup.within(group -> {
            var sibling = group.fork(() -> sleepMillis(10));
            assertThatThrownBy(() -> group.start(_ -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            sibling.await();
            return true;
        }));
    }

    @Test
    void failureAfterItIsReadyIsTheGroups() throws Exception {
        var failure = new IOException("broken");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(group -> {
                    group.start((TaskStatus<@Nullable Void> status) -> {
                        status.started();
                        sleepMillis(5);
                        throw failure;
                    });
                    log.add("started");
                    sleepMillis(1000);
                    return true;
                }))
                .isSameAs(failure));

        assertThat(log).containsExactly("started");
        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void returningWithoutHavingBeenReadyIsRefused() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            assertThatThrownBy(() -> group.start(_ -> log.add("ran")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("exited without having called started");
            return true;
        }));

        assertThat(log).containsExactly("ran");
    }

    @Test
    void beingReadyTwiceIsRefused() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            group.start((TaskStatus<String> status) -> {
                status.started("once");
                assertThatThrownBy(() -> status.started("twice"))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("called once");
                log.add("refused");
            });
            return true;
        }));

        assertThat(log).containsExactly("refused");
    }

    @Test
    void callerThatIsCancelledCancelsTheTaskAndWaitsForIt() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            var caller = spawn(() -> group.start((TaskStatus<String> status) -> {
                try {
                    sleepMillis(1000);
                } finally {
                    sleepMillis(5);
                    log.add("cleaned up");
                    status.started("too late");
                }
            }));
            sleepMillis(1);
            caller.cancel("not any more");
            assertThatThrownBy(caller::await).isInstanceOf(CancelledError.class).hasMessage("not any more");
            assertThat(log).containsExactly("cleaned up");
            assertThat(group.tasks()).isEmpty();
            return true;
        }));

        assertThat(time.elapsedMillis()).isEqualTo(6);
    }

    @Test
    void cancelledScopeOfTheCallerReachesTheTaskUntilItIsReady() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            var scope = new CancelScope();
            scope.run(() -> {
                group.start((TaskStatus<String> status) -> {
                    scope.cancel();
                    log.add("before");
                    status.started("ignored");
                    sleepMillis(1000);
                });
                log.add("never here");
            });
            assertThat(scope.cancelledCaught()).isTrue();
            return true;
        }));

        assertThat(log).containsExactly("before");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void failureAfterAnIgnoredReadinessComesOutOfStart() throws Exception {
        var failure = new IllegalStateException("late");
        time.run(() -> TaskGroup.within(group -> {
            var scope = new CancelScope();
            assertThatThrownBy(() -> scope.run(() -> group.start((TaskStatus<String> status) -> {
                        scope.cancel();
                        status.started("ignored");
                        throw failure;
                    })))
                    .isSameAs(failure);
            return true;
        }));
    }

    @Test
    void scopeOfTheCallerDoesNotReachATaskThatIsReady() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            var scope = new CancelScope();
            scope.run(() -> {
                group.start((TaskStatus<String> status) -> {
                    status.started("here");
                    sleepMillis(10);
                    log.add("survived");
                });
                scope.cancel();
                pass();
            });
            return true;
        }));

        assertThat(log).containsExactly("survived");
    }

    @Test
    void scopeOfTheGroupReachesATaskThatIsReadyWithAllThatItHasOpened() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> TaskGroup.within(target -> {
                var starter = spawn(() -> target.start((TaskStatus<String> status) -> TaskGroup.within(group -> {
                    group.fork(() -> loggingCancellation("grandchild"));
                    pass();
                    status.started("here");
                    loggingCancellation("child");
                    return true;
                })));
                starter.await();
                pass();
                scope.cancel();
                CancelScope.shielded().run(() -> sleepMillis(1));
                log.add("owner");
                return true;
            }));
        });

        assertThat(log).containsExactlyInAnyOrder("child", "grandchild", "owner");
        assertThat(log.getLast()).isEqualTo("owner");
    }

    @Test
    void taskThatBecomesReadyInACancelledScopeIsCancelledWhereItWaits() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> TaskGroup.within(target -> {
                var starter = spawn(() -> target.start((TaskStatus<String> status) -> TaskGroup.within(group -> {
                    group.fork(() -> loggingCancellation("grandchild"));
                    pass();
                    scope.cancel();
                    status.started("here");
                    loggingCancellation("child");
                    return true;
                })));
                CancelScope.shielded().run(starter::await);
                return true;
            }));
            assertThat(scope.cancelCalled()).isTrue();
        });

        assertThat(log).containsExactlyInAnyOrder("child", "grandchild");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void groupStaysOpenForATaskThatIsBeingStarted() throws Exception {
        time.run(() -> {
            TaskGroup.within(outer -> {
                TaskGroup.within(inner -> {
                    outer.fork(() -> {
                        inner.start((TaskStatus<@Nullable Void> status) -> {
                            sleepMillis(2);
                            status.started();
                            sleepMillis(3);
                        });
                    });
                    sleepMillis(1);
                    outer.fork(() -> {
                        inner.start((TaskStatus<@Nullable Void> status) -> {
                            sleepMillis(2);
                            status.started();
                            sleepMillis(3);
                        });
                    });
                    return true;
                });
                assertThat(time.elapsedMillis()).isEqualTo(6);
                return true;
            });
        });
    }

    @Test
    void groupThatWaitsForAStartEndsWhenThatFails() throws Exception {
        time.run(() -> TaskGroup.within(outer -> {
            TaskGroup.within(inner -> {
                outer.fork(() -> assertThatThrownBy(() -> inner.start(_ -> {
                            sleepMillis(7);
                            throw new IOException("crashed");
                        }))
                        .hasMessage("crashed"));
                pass();
                return true;
            });
            assertThat(time.elapsedMillis()).isEqualTo(7);
            return true;
        }));
    }

    @Test
    void statusThatNobodyLooksAtLetsAServiceBeCalledAsItIs() throws Exception {
        TaskGroup.Service<String> service = status -> {
            status.started("here");
            log.add("served");
        };
        service.run(TaskStatus.ignored());

        assertThat(log).containsExactly("served");
    }

    @Test
    void noRequestIsLeftBehind() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            assertThatThrownBy(() -> group.start(_ -> {
                        sleepMillis(1);
                        throw new IOException("crashed");
                    }))
                    .hasMessage("crashed");
            assertThat(Objects.requireNonNull(Async.currentTask()).cancelRequests())
                    .isZero();
            pass();
            return true;
        }));
    }

    private void loggingCancellation(String who) {
        try {
            sleepMillis(1000);
        } catch (CancelledError e) {
            log.add(who);
            throw e;
        }
    }
}
