package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** asyncio.TaskGroup: which failures come out, who is cancelled, and what is left behind. */
class TaskGroupRulesTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void taskForkedByTheBodyLaterIsWaitedForToo() throws Exception {
        time.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            TaskGroup.within((TaskGroup<Integer> group) -> {
                tasks.add(group.fork("forty-two", () -> after(100, 42)));
                sleepMillis(10);
                tasks.add(group.fork(() -> after(200, 11)));
                return true;
            });
            assertThat(tasks).extracting(Task::await).containsExactly(42, 11);
            assertThat(tasks.getFirst().name()).isEqualTo("forty-two");
        });

        assertThat(time.elapsedMillis()).isEqualTo(210);
    }

    @Test
    void childCancelledByItselfLetsTheBlockEndNormally() throws Exception {
        time.run(() -> {
            var result = TaskGroup.within((TaskGroup<Integer> group) -> {
                var unwanted = group.fork(() -> after(1000, 1));
                var wanted = group.fork(() -> after(10, 2));
                pass();
                unwanted.cancel();
                return wanted;
            });
            assertThat(result.await()).isEqualTo(2);
        });

        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void everyChildSeesOneCancellationWhenTheOwnerIsCancelledWhileItWaits() throws Exception {
        time.run(() -> {
            var owner = spawn(() -> TaskGroup.within(group -> {
                for (int i = 0; i < 5; i++) {
                    group.fork(() -> {
                        try {
                            sleepMillis(1000);
                        } catch (CancelledError e) {
                            log.add("child cancelled");
                            sleepMillis(5);
                            throw e;
                        }
                    });
                }
                return true;
            }));
            sleepMillis(1);
            owner.cancel("first");
            sleepMillis(1);
            owner.cancel("second");
            assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class).hasMessage("first");
        });

        assertThat(log).hasSize(5).containsOnly("child cancelled");
    }

    @Test
    void failuresInFinallyWinOverTheCancellationOfTheOwner() throws Exception {
        var failures = List.of(new IllegalStateException("0"), new IllegalStateException("1"));
        time.run(() -> {
            var owner = spawn(() -> TaskGroup.within(group -> {
                for (var failure : failures) {
                    group.fork(() -> failingInFinally(failure));
                }
                return true;
            }));
            pass();
            pass();
            owner.cancel();
            assertThatThrownBy(owner::await).isSameAs(failures.getFirst());
            assertThat(owner.state()).isEqualTo(Task.State.FAILED);
        });

        assertThat(failures.getFirst().getSuppressed()).containsExactly(failures.getLast());
    }

    @Test
    void failureOfAnInnerGroupDuringItsCancellationFailsTheOuter() throws Exception {
        var failure = new IllegalStateException("inner clean-up");
        time.run(() -> {
            var owner = spawn(() -> TaskGroup.within(outer -> {
                outer.fork(() -> TaskGroup.within(inner -> {
                    inner.fork(() -> failingInFinally(failure));
                    sleepMillis(1000);
                    return true;
                }));
                sleepMillis(1000);
                return true;
            }));
            for (int i = 0; i < 4; i++) {
                pass();
            }
            owner.cancel();
            assertThatThrownBy(owner::await).isSameAs(failure);
        });
    }

    @Test
    void failureOfTheOuterGroupsChildIsTheOnlyOneWhenTheInnerJustWaits() throws Exception {
        var failure = new IOException("outer");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(outer -> {
                    outer.fork(() -> {
                        sleepMillis(10);
                        throw failure;
                    });
                    return TaskGroup.within(inner -> {
                        inner.fork(() -> sleepMillis(1000));
                        return true;
                    });
                }))
                .isSameAs(failure)
                .hasNoSuppressedExceptions());

        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void emptyGroupLetsTheCancellationOfItsBodyPassAndThrowsWhatTheBodyMakesOfIt() throws Exception {
        var converted = new IOException("converted");
        time.run(() -> {
            var passing = spawn(() -> TaskGroup.within(_ -> {
                sleepMillis(1000);
                return true;
            }));
            var converting = spawn(() -> TaskGroup.within(_ -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    throw converted;
                }
                return true;
            }));
            pass();
            passing.cancel();
            converting.cancel();
            assertThatThrownBy(passing::await).isInstanceOf(CancelledError.class);
            assertThatThrownBy(converting::await).isSameAs(converted);
        });
    }

    @Test
    void errorsOfTheVirtualMachineComeFirst() throws Exception {
        var child = new IOException("child");
        var fatal = new OutOfMemoryError("pretended");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(group -> {
                    group.fork(() -> {
                        throw child;
                    });
                    try {
                        sleepMillis(1000);
                    } finally {
                        throwIt(fatal);
                    }
                    return true;
                }))
                .isSameAs(fatal)
                .hasSuppressedException(child));
        var other = new IOException("other");
        var deep = new StackOverflowError("pretended");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(group -> {
                    group.fork(() -> failingInFinally(deep));
                    pass();
                    throw other;
                }))
                .isSameAs(deep)
                .hasSuppressedException(other));
    }

    @Test
    void failuresCanBeListed() throws Exception {
        var first = new IOException("first");
        var second = new IllegalStateException("second");
        var inner = new IllegalArgumentException("inner");
        time.run(() -> {
            var thrown = failureOf(() -> TaskGroup.within(group -> {
                group.fork(() -> TaskGroup.within(nested -> {
                    nested.fork(() -> failingInFinally(inner));
                    try {
                        sleepMillis(1000);
                    } finally {
                        throwIt(second);
                    }
                    return true;
                }));
                for (int i = 0; i < 4; i++) {
                    pass();
                }
                group.fork(() -> {
                    throw first;
                });
                return true;
            }));
            assertThat(thrown).isSameAs(first);
            assertThat(TaskGroup.failuresOf(thrown)).containsExactly(first, inner, second);
        });
    }

    @Test
    void failuresThatSuppressEachOtherAreListedOnce() {
        var one = new IOException("one");
        var two = new IOException("two");
        one.addSuppressed(two);
        two.addSuppressed(one);

        assertThat(TaskGroup.failuresOf(one)).containsExactly(one, two);
    }

    @Test
    void tasksThatMultiplyEndWithTheFirstFailure() throws Exception {
        var failure = new IOException("enough");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(group -> {
                        multiply(group);
                        group.fork(() -> {
                            sleepMillis(20);
                            throw failure;
                        });
                        return true;
                    }))
                    .isSameAs(failure);
            assertThat(loop().tasks()).hasSize(1);
        });

        assertThat(time.elapsedMillis()).isEqualTo(20);
    }

    private static void multiply(TaskGroup<Object> group) {
        group.fork(() -> {
            sleepMillis(5);
            multiply(group);
            multiply(group);
        });
    }

    @Test
    void innerAndOuterFailingTogetherLeaveNoRequestBehind() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(outer -> {
                        outer.fork(() -> throwIt(new IllegalStateException("outer")));
                        assertThatThrownBy(() -> TaskGroup.within(inner -> {
                                    inner.fork(() -> throwIt(new IllegalStateException("inner")));
                                    sleepMillis(1000);
                                    return true;
                                }))
                                .hasMessage("inner");
                        assertThat(self().cancelRequests()).isEqualTo(1);
                        pass();
                        log.add("never here");
                        return true;
                    }))
                    .hasMessage("outer");
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(log).isEmpty();
    }

    @Test
    void requestsFromBeforeTheGroupAreStillThereAfterIt() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel();
                assertThatThrownBy(Async::checkpoint).isInstanceOf(CancelledError.class);
                assertThatThrownBy(() -> TaskGroup.within(group -> {
                            group.fork(() -> throwIt(new IllegalStateException("child")));
                            return true;
                        }))
                        .hasMessage("child");
                log.add("requests " + self().cancelRequests());
            });
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("requests 1");
    }

    @Test
    void refusedForkStartsNothing() throws Exception {
        time.run(() -> {
            var group = TaskGroup.<Integer>open();
            group.join();
            assertThatThrownBy(() -> group.fork(() -> log.add("never here"))).hasMessageContaining("has ended");
            assertThatThrownBy(() -> group.forkDaemon(() -> log.add("never here")))
                    .hasMessageContaining("has ended");
            assertThatThrownBy(() -> group.start(_ -> log.add("never here"))).hasMessageContaining("has ended");
            assertThat(loop().tasks()).hasSize(1);
            group.close();
        });
        assertThatThrownBy(() -> TaskGroup.open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a running loop");

        assertThat(log).isEmpty();
    }

    @Test
    void groupIsJoinedOnce() throws Exception {
        time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.join();
                assertThatThrownBy(group::join)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("joined once");
            }
        });
    }

    @Test
    void tasksAreThoseThatHaveNotEnded() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            var quick = group.fork(() -> sleepMillis(1));
            var slow = group.fork(() -> sleepMillis(10));
            assertThat(group.tasks()).containsExactly(quick, slow);
            assertThat(group).hasToString("TaskGroup[running, tasks 2]");
            sleepMillis(5);
            assertThat(group.tasks()).containsExactly(slow);
            return true;
        }));
    }

    @Test
    void nothingOfAGroupIsHeldByItAfterItsEnd() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "threads of the JDK's pool hold on to what ran on them last");
        time.run(() -> {
            List<TaskGroup<Object>> groups = new ArrayList<>();
            var failure = new WeakReference<>(failingGroup(groups));
            List<WeakReference<?>> tasks = new ArrayList<>();
            TaskGroup.within(group -> {
                groups.add(group);
                tasks.add(new WeakReference<>(group.fork(() -> new byte[1000])));
                return true;
            });
            pass();
            assertThat(isCollected(failure)).isTrue();
            assertThat(isCollected(tasks.getFirst())).isTrue();
            assertThat(groups).hasSize(2).allMatch(group -> group.tasks().isEmpty());
        });
    }

    private static Throwable failingGroup(List<TaskGroup<Object>> groups) {
        return failureOf(() -> TaskGroup.within(group -> {
            groups.add(group);
            group.fork(() -> throwIt(new IllegalStateException("child")));
            return true;
        }));
    }

    private static boolean isCollected(WeakReference<?> reference) {
        for (int i = 0; i < 50 && reference.get() != null; i++) {
            System.gc();
        }
        return reference.get() == null;
    }

    @Test
    void failureInAGroupThatItsOwnerLeftOpenIsNotLost() throws Exception {
        var logged = loggedDuring(() -> time.run(() -> {
            var owner = spawn(() -> {
                TaskGroup.open().fork("orphan", () -> {
                    sleepMillis(10);
                    throw new IOException("nobody waits");
                });
            });
            owner.await();
            sleepMillis(20);
        }));

        assertThat(logged).singleElement().asString().contains("orphan");
    }

    @Test
    void cancellationThatArrivesWhileCloseWaitsComesOutAtTheNextWait() throws Exception {
        time.run(() -> {
            var owner = spawn(() -> {
                try (var group = TaskGroup.<Integer>open()) {
                    group.fork(() -> {
                        try {
                            sleepMillis(1000);
                        } finally {
                            sleepMillis(10);
                        }
                    });
                    pass();
                    group.cancel();
                }
                log.add("closed");
                pass();
                log.add("never here");
            });
            sleepMillis(5);
            owner.cancel("too");
            assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("closed");
    }

    // ---- cancel

    @Test
    void cancelEndsTheGroupWithoutAnException() throws Exception {
        time.run(() -> {
            var result = TaskGroup.within(group -> {
                group.fork(() -> {
                    try {
                        sleepMillis(1000);
                    } catch (CancelledError e) {
                        log.add("task: " + e.reason());
                        throw e;
                    }
                });
                group.fork(() -> {
                    sleepMillis(10);
                    group.cancel("found it");
                });
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    log.add("body: " + e.reason());
                    throw e;
                }
                return "never";
            });
            assertThat(result).isNull();
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(log).containsExactlyInAnyOrder("task: found it", "body: found it");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void cancelByTheBodyItselfComesOutAtItsNextWait() throws Exception {
        time.run(() -> {
            String ended = TaskGroup.within(group -> {
                group.cancel();
                log.add("still here");
                assertThatThrownBy(() -> group.fork(() -> 1)).hasMessageContaining("shutting down");
                pass();
                log.add("never here");
                return "never";
            });
            assertThat(ended).isNull();
            String inTime = TaskGroup.within(group -> {
                group.cancel();
                return "did not wait";
            });
            assertThat(inTime).isEqualTo("did not wait");
            pass();
        });

        assertThat(log).containsExactly("still here");
    }

    @Test
    void cancelWhileTheOwnerJoinsGivesTheResultsThatThereAre() throws Exception {
        var results = time.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                group.fork(() -> after(5, 1));
                group.fork(() -> after(1000, 2));
                group.fork(() -> {
                    sleepMillis(10);
                    group.cancel();
                });
                return group.join();
            }
        });

        assertThat(results).containsExactly(1);
    }

    @Test
    void failureAfterCancelIsThrownAllTheSame() throws Exception {
        var failure = new IllegalStateException("clean-up");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.within(group -> {
                        group.fork(() -> failingInFinally(failure));
                        pass();
                        group.cancel();
                        sleepMillis(1000);
                        return true;
                    }))
                    .isSameAs(failure);
            assertThat(self().cancelRequests()).isZero();
        });
    }

    @Test
    void cancelDoesNotHideTheCancellationOfTheOwner() throws Exception {
        time.run(() -> {
            for (boolean groupFirst : new boolean[] {true, false}) {
                List<TaskGroup<Object>> groups = new ArrayList<>();
                var owner = spawn(() -> {
                    TaskGroup.within(group -> {
                        groups.add(group);
                        group.fork(() -> {
                            try {
                                sleepMillis(1000);
                            } finally {
                                sleepMillis(5);
                            }
                        });
                        return true;
                    });
                    pass();
                    log.add("never here");
                });
                sleepMillis(1);
                if (groupFirst) {
                    groups.getFirst().cancel();
                    sleepMillis(1);
                    owner.cancel();
                } else {
                    owner.cancel();
                    sleepMillis(1);
                    groups.getFirst().cancel();
                }
                assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class);
            }
        });

        assertThat(log).isEmpty();
    }

    @Test
    void cancelAfterTheEndOrTwiceDoesNothing() throws Exception {
        time.run(() -> {
            List<TaskGroup<Object>> groups = new ArrayList<>();
            TaskGroup.within(group -> {
                groups.add(group);
                group.cancel();
                group.cancel();
                return true;
            });
            groups.getFirst().cancel();
            assertThat(self().cancelRequests()).isZero();
            pass();
        });
    }

    @Test
    void cancelMayComeFromAnotherThread() throws Exception {
        Async.run(() -> {
            var result = TaskGroup.within(group -> {
                var begun = Promise.<Integer>outside("begun");
                Thread.startVirtualThread(() -> {
                    begun.join();
                    group.cancel("from outside");
                });
                group.fork(() -> {
                    begun.complete(1);
                    Promise.<Integer>outside("never").await();
                });
                return true;
            });
            assertThat(result).isTrue();
        });
    }

    // ---- daemons

    @Test
    void daemonsAreCancelledWhenTheOthersAreDone() throws Exception {
        time.run(() -> {
            var results = new ArrayList<Integer>();
            try (var group = TaskGroup.<Integer>open()) {
                group.forkDaemon("heartbeat", () -> {
                    try {
                        while (true) {
                            log.add("beat");
                            sleepMillis(10);
                        }
                    } finally {
                        sleepMillis(3);
                        log.add("stopped");
                    }
                });
                group.fork(() -> after(25, 1));
                results.addAll(group.join());
            }
            assertThat(results).containsExactly(1);
        });

        assertThat(log).containsExactly("beat", "beat", "beat", "stopped");
        assertThat(time.elapsedMillis()).isEqualTo(28);
    }

    @Test
    void failureOfADaemonIsAFailureOfTheGroup() throws Exception {
        var failure = new IOException("daemon");
        time.run(() -> assertThatThrownBy(() -> TaskGroup.within(group -> {
                    group.forkDaemon(() -> {
                        throw failure;
                    });
                    group.fork(() -> sleepMillis(1000));
                    return true;
                }))
                .isSameAs(failure));

        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void groupOfDaemonsAloneEndsAtOnce() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            group.forkDaemon(() -> sleepMillis(1000));
            return true;
        }));

        assertThat(time.elapsedMillis()).isZero();
    }

    // ---- supervisors

    @Test
    void failureInASupervisorTouchesNobodyAndIsHandedOver() throws Exception {
        var failure = new IOException("child");
        List<Throwable> reported = new ArrayList<>();
        time.run(() -> {
            var result = TaskGroup.supervise(
                    (task, error) -> {
                        log.add(task.name());
                        reported.add(error);
                    },
                    (TaskGroup<Integer> group) -> {
                        group.fork("failing", () -> {
                            sleepMillis(5);
                            throw failure;
                        });
                        var sibling = group.fork(() -> after(20, 1));
                        sleepMillis(10);
                        group.fork(() -> log.add("forked later"));
                        return sibling.await();
                    });
            assertThat(result).isEqualTo(1);
        });

        assertThat(log).containsExactly("failing", "forked later");
        assertThat(reported).containsExactly(failure);
    }

    @Test
    void supervisorsJoinGivesTheResultsOfThoseThatSucceeded() throws Exception {
        var logged = loggedDuring(() -> time.run(() -> {
            try (var group = TaskGroup.<Integer>openSupervisor()) {
                group.fork(() -> after(5, 1));
                var failing = group.fork("failing", () -> {
                    throw new IOException("child");
                });
                group.fork(() -> after(10, 2));
                assertThat(group.join()).containsExactly(1, 2);
                assertThatThrownBy(failing::await).hasMessage("child");
            }
        }));

        assertThat(logged).isEmpty();
    }

    @Test
    void failureInASupervisorThatNobodyLooksAtIsLogged() throws Exception {
        var logged = loggedDuring(() -> time.run(() -> {
            try (var group = TaskGroup.<Integer>openSupervisor()) {
                group.fork("overlooked", () -> {
                    throw new IOException("child");
                });
                group.join();
            }
        }));

        assertThat(logged).singleElement().asString().contains("overlooked");
    }

    @Test
    void failureOfTheHandlerFailsTheSupervisor() throws Exception {
        var escalated = new IllegalStateException("too many");
        time.run(() -> {
            assertThatThrownBy(() -> TaskGroup.supervise((_, _) -> throwIt(escalated), group -> {
                        group.fork(() -> {
                            throw new IOException("child");
                        });
                        group.fork(() -> sleepMillis(1000));
                        sleepMillis(1000);
                        return true;
                    }))
                    .isSameAs(escalated);
        });

        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void failureOfTheBodyOfASupervisorCancelsItsTasks() throws Exception {
        var failure = new IOException("body");
        time.run(() -> {
            List<Task<Integer>> tasks = new ArrayList<>();
            assertThatThrownBy(() -> TaskGroup.supervise((TaskGroup<Integer> group) -> {
                        tasks.add(group.fork(() -> after(1000, 1)));
                        pass();
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThat(tasks.getFirst().state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void cancellationOfASupervisorsOwnerCancelsItsTasks() throws Exception {
        time.run(() -> {
            var owner = spawn(() -> TaskGroup.supervise(group -> {
                group.fork(() -> {
                    try {
                        sleepMillis(1000);
                    } finally {
                        log.add("cleaned up");
                    }
                });
                return true;
            }));
            sleepMillis(1);
            owner.cancel();
            assertThatThrownBy(owner::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("cleaned up");
    }

    private List<String> loggedDuring(Action action) throws Exception {
        time.run(VirtualTime::pass); // the first loop of a JVM says which scheduler it has
        try (var logged = new LoggedMessages()) {
            action.run();
            return logged.messages();
        }
    }

    private static int after(long millis, int result) {
        sleepMillis(millis);
        return result;
    }

    private static void failingInFinally(Throwable failure) {
        try {
            sleepMillis(1000);
        } finally {
            throwIt(failure);
        }
    }

    private static void throwIt(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    private static Throwable failureOf(Action action) {
        try {
            action.run();
        } catch (Throwable e) {
            return e;
        }
        throw new AssertionError("did not fail");
    }

    private static EventLoop loop() {
        return Objects.requireNonNull(EventLoop.current());
    }

    private static Task<?> self() {
        return Objects.requireNonNull(Async.currentTask());
    }
}
