package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** trio's scopes together with asyncio's groups: who is inside, and whose cancellation goes where. */
class CancelScopeInGroupsTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void cancellationReachesAllTasksOfAllGroupsInside() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            var owner = spawn(() -> scope.run(() -> TaskGroup.within(outer -> {
                for (var name : List.of("a", "b")) {
                    outer.fork(() -> TaskGroup.within(inner -> {
                        inner.fork(() -> loggingCancellation(name + "1"));
                        inner.fork(() -> loggingCancellation(name + "2"));
                        return true;
                    }));
                }
                return true;
            })));
            sleepMillis(5);
            scope.cancel();
            owner.await();
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(owner.cancelRequests()).isZero();
        });

        assertThat(log).containsExactlyInAnyOrder("a1", "a2", "b1", "b2");
        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void taskForkedInACancelledScopeBeginsAndIsCancelledAtItsFirstWait() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> {
                try (var group = TaskGroup.<Integer>open()) {
                    scope.cancel();
                    var task = group.fork(() -> {
                        log.add("began");
                        pass();
                        log.add("never here");
                    });
                    CancelScope.shielded().run(() -> {
                        sleepMillis(1);
                        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
                    });
                    group.join();
                }
            });
        });

        assertThat(log).containsExactly("began");
    }

    @Test
    void taskThatSwallowsTheCancellationIsCancelledAgain() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(5));
            scope.run(() -> TaskGroup.within(group -> {
                group.fork(() -> {
                    for (int i = 0; i < 3; i++) {
                        try {
                            sleepMillis(1000);
                        } catch (CancelledError e) {
                            log.add("again");
                        }
                    }
                });
                return true;
            }));
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("again", "again", "again");
        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void spawnedTaskIsNotInside() throws Exception {
        time.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            var scope = new CancelScope();
            scope.run(() -> {
                tasks.add(spawn(() -> sleepMillis(10)));
                scope.cancel();
                pass();
            });
            tasks.getFirst().await();
        });

        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void taskBelongsToTheScopeAroundItsGroupAndNotToThatOfTheForker() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            var scope = new CancelScope();
            scope.run(() -> {
                group.fork(() -> {
                    sleepMillis(10);
                    log.add("outside");
                });
                scope.cancel();
                pass();
            });
            return true;
        }));

        assertThat(log).containsExactly("outside");
    }

    @Test
    void failureInACancelledScopeComesOut() throws Exception {
        var failure = new IllegalStateException("child");
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(5));
            assertThatThrownBy(() -> scope.run(() -> TaskGroup.within(group -> {
                        group.fork(() -> {
                            try {
                                sleepMillis(1000);
                            } finally {
                                throwIt(failure);
                            }
                        });
                        group.fork(() -> sleepMillis(1000));
                        return true;
                    })))
                    .isSameAs(failure);
            assertThat(scope.cancelledCaught()).isFalse();
            assertThat(self().cancelRequests()).isZero();
            pass();
        });
    }

    @Test
    void failureInAScopeThatIsNotCancelledPasses() throws Exception {
        var failure = new IOException("child");
        time.run(() -> {
            var scope = new CancelScope();
            assertThatThrownBy(() -> scope.run(() -> TaskGroup.within(group -> {
                        group.fork(() -> {
                            throw failure;
                        });
                        sleepMillis(1000);
                        return true;
                    })))
                    .isSameAs(failure);
            assertThat(scope.cancelCalled()).isFalse();
        });
    }

    @Test
    void failureOfAGroupAroundPassesThroughACancelledScope() throws Exception {
        var failure = new IOException("child");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(group -> {
                    var scope = new CancelScope();
                    group.fork(() -> {
                        sleepMillis(5);
                        throw failure;
                    });
                    spawn(() -> {
                        sleepMillis(5);
                        pass();
                        scope.cancel();
                    });
                    scope.run(() -> sleepMillis(1000));
                    log.add("never here");
                    return true;
                }))
                .isSameAs(failure));

        assertThat(log).isEmpty();
    }

    @Test
    void shieldedCleanUpOfATaskIsLeftAloneByTheAbortOfItsGroup() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(5));
            scope.run(() -> TaskGroup.within(group -> {
                group.fork(() -> {
                    try {
                        sleepMillis(1000);
                    } finally {
                        CancelScope.after(ofMillis(100)).shield(true).run(() -> {
                            sleepMillis(20);
                            log.add("cleaned up");
                        });
                    }
                });
                group.fork(() -> sleepMillis(1000));
                return true;
            }));
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("cleaned up");
        assertThat(time.elapsedMillis()).isEqualTo(25);
    }

    @Test
    void shieldInTheBodyKeepsTheFailureOfATaskWaiting() throws Exception {
        var failure = new IOException("child");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(group -> {
                        group.fork(() -> {
                            throw failure;
                        });
                        CancelScope.shielded().run(() -> {
                            sleepMillis(10);
                            log.add("left alone");
                        });
                        pass();
                        log.add("never here");
                        return true;
                    }))
                    .isSameAs(failure);
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(log).containsExactly("left alone");
    }

    @Test
    void groupInAShieldHearsOfNothingOutside() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            var owner = spawn(() -> scope.run(() -> {
                CancelScope.shielded()
                        .run(() -> TaskGroup.within(group -> {
                            group.fork(() -> {
                                sleepMillis(10);
                                log.add("task");
                            });
                            return true;
                        }));
                log.add("body");
                pass();
                log.add("never here");
            }));
            sleepMillis(1);
            scope.cancel();
            owner.cancel();
            assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("task", "body");
    }

    @Test
    void timeoutInAShieldArrivesAgainBehindAFailureThatItCaused() throws Exception {
        time.run(() -> CancelScope.shielded().run(() -> {
            var timeout = Timeout.after(ofMillis(10));
            assertThatThrownBy(() -> timeout.run(() -> {
                        assertThatThrownBy(() -> TaskGroup.within(group -> {
                                    group.fork(() -> {
                                        try {
                                            sleepMillis(1000);
                                        } finally {
                                            throwIt(new IllegalStateException("child"));
                                        }
                                    });
                                    return true;
                                }))
                                .hasMessage("child");
                        sleepMillis(1000);
                        log.add("never here");
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(self().cancelRequests()).isZero();
        }));

        assertThat(log).isEmpty();
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void supervisorInACancelledScopeEnds() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(5));
            scope.run(() -> TaskGroup.supervise(group -> {
                group.fork(() -> loggingCancellation("task"));
                loggingCancellation("body");
                return true;
            }));
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactlyInAnyOrder("task", "body");
    }

    @Test
    void groupThatIsCancelledInACancelledScopeLetsTheScopeCatch() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> {
                TaskGroup.within(group -> {
                    group.fork(() -> {
                        group.cancel();
                        scope.cancel();
                    });
                    sleepMillis(1000);
                    return true;
                });
                log.add("never here");
            });
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).isEmpty();
    }

    private void loggingCancellation(String who) {
        try {
            sleepMillis(1000);
        } catch (CancelledError e) {
            log.add(who);
            throw e;
        }
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    private static Task<?> self() {
        return Objects.requireNonNull(Async.currentTask());
    }
}
