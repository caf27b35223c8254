package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.TaskGroup, in the words of the JDK's StructuredTaskScope. */
class TaskGroupTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void joinReturnsTheResultsInTheOrderOfForking() throws Exception {
        var results = time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> after(200, 11));
                group.fork(() -> after(100, 42));
                return group.join();
            }
        });

        assertThat(results).containsExactly(11, 42);
        assertThat(time.elapsedMillis()).isEqualTo(200);
    }

    @Test
    void firstFailureCancelsTheSiblingsAndIsThrown() throws Exception {
        var failure = new IOException("first");
        time.run(() -> {
            Task<Integer> sibling;
            try (var group = TaskGroup.<Integer>open()) {
                sibling = group.fork(() -> after(10_000, 1));
                group.fork(() -> {
                    sleepMillis(10);
                    throw failure;
                });
                assertThatThrownBy(group::join).isSameAs(failure);
            }
            assertThat(sibling.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void laterFailuresAreSuppressedInTheFirst() throws Exception {
        var first = new IOException("first");
        var second = new IllegalStateException("in clean-up");
        time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> {
                    try {
                        sleepMillis(1000);
                    } finally {
                        throwIt(second);
                    }
                });
                group.fork(() -> {
                    pass();
                    throw first;
                });
                assertThatThrownBy(group::join).isSameAs(first);
            }
        });

        assertThat(first.getSuppressed()).containsExactly(second);
    }

    @Test
    void taskThatIsCancelledByItselfIsNoFailure() throws Exception {
        var results = time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                var unwanted = group.fork(() -> after(1000, 1));
                group.fork(() -> after(10, 2));
                pass();
                unwanted.cancel();
                return group.join();
            }
        });

        assertThat(results).containsExactly(2);
    }

    @Test
    void cancellingTheOwnerCancelsTheTasksAndWaitsForThem() throws Exception {
        time.run(() -> {
            var owner = spawn(() -> {
                try (var group = TaskGroup.<Integer>open()) {
                    for (int i = 0; i < 5; i++) {
                        group.fork(() -> {
                            try {
                                sleepMillis(1000);
                            } finally {
                                sleepMillis(3);
                                log.add("ended");
                            }
                        });
                    }
                    group.join();
                }
            });
            pass();
            pass();
            owner.cancel("stop");

            assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class).hasMessage("stop");
        });

        assertThat(log).hasSize(5);
        assertThat(time.elapsedMillis()).isEqualTo(3);
    }

    @Test
    void failuresWinOverCancellationWhichThenComesOutAtTheNextWait() throws Exception {
        time.run(() -> {
            var owner = spawn(() -> {
                try (var group = TaskGroup.<Integer>open()) {
                    group.fork(() -> {
                        try {
                            sleepMillis(1000);
                        } finally {
                            throwIt(new IllegalStateException("in clean-up"));
                        }
                    });
                    group.join();
                } catch (IllegalStateException e) {
                    log.add("failed, requests " + self().cancelRequests());
                }
                pass();
                log.add("never here");
            });
            pass();
            pass();
            owner.cancel();

            assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("failed, requests 1");
    }

    @Test
    void withinCancelsTheBodyToo() throws Exception {
        var failure = new IOException("child");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(group -> {
                        group.fork(() -> {
                            sleepMillis(10);
                            throw failure;
                        });
                        try {
                            sleepMillis(1000);
                        } catch (CancelledError e) {
                            log.add("body cancelled");
                            throw e;
                        }
                        return null;
                    }))
                    .isSameAs(failure);
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(log).containsExactly("body cancelled");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void failureOfTheBodyCancelsTheTasks() throws Exception {
        var failure = new IOException("body");
        time.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            assertThatThrownBy(() -> TaskGroup.<Integer, Void>within(group -> {
                        tasks.add(group.fork(() -> after(1000, 1)));
                        pass();
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThat(tasks.getFirst().state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void failureOfATaskComesBeforeTheBodys() throws Exception {
        var child = new IOException("child");
        var body = new IllegalStateException("body");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(group -> {
                    group.fork(() -> {
                        throw child;
                    });
                    try {
                        sleepMillis(1000);
                    } finally {
                        throwIt(body);
                    }
                    return null;
                }))
                .isSameAs(child));

        assertThat(child.getSuppressed()).containsExactly(body);
    }

    @Test
    void failureOfAnInnerGroupFailsTheOuter() throws Exception {
        var failure = new IOException("deep");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(outer -> {
                        outer.fork(() -> sleepMillis(1000));
                        return TaskGroup.within(inner -> {
                            inner.fork(() -> {
                                sleepMillis(5);
                                throw failure;
                            });
                            sleepMillis(1000);
                            return null;
                        });
                    }))
                    .isSameAs(failure);
        });

        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void outerFailureSurvivesTheHandlingOfAnInnerOne() throws Exception {
        var innerFailure = new IOException("inner");
        var outerFailure = new IOException("outer");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(outer -> {
                        outer.fork(() -> {
                            throw outerFailure;
                        });
                        try {
                            TaskGroup.within(inner -> {
                                inner.fork(() -> {
                                    throw innerFailure;
                                });
                                sleepMillis(1000);
                                return null;
                            });
                        } catch (IOException e) {
                            log.add(e.getMessage() + ", requests " + self().cancelRequests());
                        }
                        pass();
                        log.add("never here");
                        return null;
                    }))
                    .isSameAs(outerFailure);
            assertThat(self().cancelRequests()).isZero();
        });

        assertThat(log).containsExactly("inner, requests 1");
    }

    @Test
    void taskMayForkAfterTheBodyHasEnded() throws Exception {
        var results = time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> {
                    sleepMillis(10);
                    group.fork(() -> after(10, 2));
                    return 1;
                });
                return group.join();
            }
        });

        assertThat(results).containsExactly(1, 2);
        assertThat(time.elapsedMillis()).isEqualTo(20);
    }

    @Test
    void noForkingWhileTheGroupShutsDown() throws Exception {
        var failure = new IOException("first");
        time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> {
                    try {
                        sleepMillis(1000);
                    } finally {
                        assertThatThrownBy(() -> group.fork(() -> 1))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("shutting down")
                                .hasCause(failure);
                        log.add("refused");
                    }
                });
                group.fork(() -> {
                    pass();
                    throw failure;
                });
                assertThatThrownBy(group::join).isSameAs(failure);
            }
        });

        assertThat(log).containsExactly("refused");
    }

    @Test
    void noForkingAfterJoin() throws Exception {
        time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.join();
                assertThatThrownBy(() -> group.fork(() -> 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the TaskGroup has ended: fork before join()");
            }
        });
    }

    @Test
    void closeWithoutJoinCancelsAndSaysSo() throws Exception {
        time.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            assertThatThrownBy(() -> {
                        try (var group = TaskGroup.<Integer>open()) {
                            tasks.add(group.fork(() -> after(1000, 1)));
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed before join()");
            assertThat(tasks.getFirst().state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void exceptionOfTheBlockCancelsTheTasksAndStaysTheFirst() throws Exception {
        var failure = new IOException("block");
        time.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            assertThatThrownBy(() -> {
                        try (var group = TaskGroup.<Integer>open()) {
                            tasks.add(group.fork(() -> after(1000, 1)));
                            throw failure;
                        }
                    })
                    .isSameAs(failure);
            assertThat(tasks.getFirst().state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void onlyTheOwnerJoins() throws Exception {
        time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                var stranger = spawn(() -> group.join());
                assertThatThrownBy(stranger::await)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("join() must be called by the coroutine that opened the group");
            }
        });
    }

    @Test
    void timeoutAroundAGroupEndsItsTasks() throws Exception {
        time.run(() -> assertThatThrownBy(() -> Async.timeout(java.time.Duration.ofMillis(10), () -> {
                    try (var group = TaskGroup.<Integer>open()) {
                        group.fork(() -> after(1000, 1));
                        group.join();
                    } finally {
                        log.add("left");
                    }
                }))
                .isInstanceOf(TimeoutException.class));

        assertThat(log).containsExactly("left");
    }

    private static int after(long millis, int result) {
        sleepMillis(millis);
        return result;
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    private static LoopTask<?> self() {
        return LoopTask.current("self()", "nothing");
    }
}
