package dev.simul;

import static dev.simul.Async.checkpoint;
import static dev.simul.Async.checkpointIfCancelled;
import static dev.simul.Async.shieldedCheckpoint;
import static dev.simul.Async.spawn;
import static dev.simul.CancelScope.failAfter;
import static dev.simul.CancelScope.failAt;
import static dev.simul.CancelScope.moveOnAfter;
import static dev.simul.CancelScope.moveOnAt;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** trio.CancelScope. */
class CancelScopeTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void everyWaitInACancelledScopeIsCancelled() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> {
                checkpoint();
                checkpointIfCancelled();
                scope.cancel("enough");
                log.add("still here");
                assertCancelled(() -> sleepMillis(1000));
                assertCancelled(() -> sleepMillis(1000));
                assertCancelled(Async::checkpoint);
                assertCancelled(Async::checkpointIfCancelled);
                assertThatThrownBy(() -> new Promise<Integer>("never").await())
                        .isInstanceOf(CancelledError.class)
                        .hasMessage("enough");
                pass();
                log.add("never here");
            });
            assertThat(scope.cancelCalled()).isTrue();
            assertThat(scope.cancelledCaught()).isTrue();
            pass();
        });

        assertThat(log).containsExactly("still here");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void scopeThatIsNotCancelledIsNotSeen() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            assertThat(scope.run(() -> {
                        sleepMillis(5);
                        return "value";
                    }))
                    .isEqualTo("value");
            assertThat(scope.cancelCalled()).isFalse();
            assertThat(scope.cancelledCaught()).isFalse();
        });
    }

    @Test
    void cancellationEndsTheWaitOfTheMoment() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            var task = spawn(() -> {
                scope.run(() -> sleepMillis(1000));
                log.add("went on");
                sleepMillis(3);
            });
            sleepMillis(10);
            scope.cancel();
            scope.cancel();
            task.await();
            assertThat(task.cancelRequests()).isZero();
        });

        assertThat(log).containsExactly("went on");
        assertThat(time.elapsedMillis()).isEqualTo(13);
    }

    @Test
    void cancellationMayComeFromAnotherThread() throws Exception {
        Async.run(() -> {
            var scope = new CancelScope();
            var entered = Promise.<Integer>outside("entered");
            var thread = Thread.ofPlatform().start(() -> {
                entered.join();
                scope.cancel("from outside");
            });
            var never = Promise.<Integer>outside("never");
            scope.run(() -> {
                entered.complete(1);
                never.await();
            });
            log.add("caught " + scope.cancelledCaught());
            thread.join();
        });

        assertThat(log).containsExactly("caught true");
    }

    @Test
    void resultThatIsOnItsWayIsDropped() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("contested");
            var scope = new CancelScope();
            var task = spawn(() -> scope.run(() -> log.add("got " + promise.await())));
            pass();
            promise.complete(1);
            scope.cancel();
            task.await();
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).isEmpty();
    }

    @Test
    void waitThatDoesNotBeginLeavesWhatItWasForAlone() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("mine");
            var task = spawn(() -> sleepMillis(5));
            var scope = new CancelScope();
            scope.run(() -> {
                scope.cancel();
                assertCancelled(promise::join);
                assertCancelled(task::join);
            });
            assertThat(promise.isDone()).isFalse();
            task.await();
            assertThat(task.state()).isEqualTo(Task.State.DONE);
        });
    }

    @Test
    void cancellationIsPassedOnToTheTaskThatIsBeingAwaited() throws Exception {
        time.run(() -> {
            var worker = spawn(() -> sleepMillis(1000));
            var scope = new CancelScope();
            var waiter = spawn(() -> scope.run(worker::await));
            pass();
            pass();
            scope.cancel("no longer wanted");
            waiter.await();
            assertThat(worker.state()).isEqualTo(Task.State.CANCELLED);
            assertThatThrownBy(worker::await).hasMessage("no longer wanted");
        });
    }

    @Test
    void otherExceptionsPass() throws Exception {
        var failure = new IllegalStateException("other");
        time.run(() -> {
            var scope = new CancelScope();
            assertThatThrownBy(() -> scope.run(() -> {
                        scope.cancel();
                        try {
                            pass();
                        } finally {
                            throwIt(failure);
                        }
                    }))
                    .isSameAs(failure);
            assertThat(scope.cancelCalled()).isTrue();
            assertThat(scope.cancelledCaught()).isFalse();
        });
    }

    @Test
    void bodyThatDoesNotWaitAfterTheCancellationIsNotCancelled() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            assertThat(scope.run(() -> {
                        scope.cancel();
                        shieldedCheckpoint();
                        return 42;
                    }))
                    .isEqualTo(42);
            assertThat(scope.cancelledCaught()).isFalse();
            pass();
        });
    }

    @Test
    void shieldedCheckpointPassesTheTurnAndHearsNothing() throws Exception {
        time.run(() -> {
            spawn(() -> log.add("other"));
            var scope = new CancelScope();
            scope.run(() -> {
                scope.cancel();
                shieldedCheckpoint();
                log.add("main");
                shieldedCheckpoint();
                assertCancelled(Async::checkpoint);
            });
        });

        assertThat(log).containsExactly("other", "main");
    }

    @Test
    void checkpointIfCancelledDoesNotPassTheTurn() throws Exception {
        time.run(() -> {
            spawn(() -> log.add("other"));
            checkpointIfCancelled();
            log.add("main");
            pass();
        });

        assertThat(log).containsExactly("main", "other");
    }

    @Test
    void ofTwoCancelledScopesTheOuterCatches() throws Exception {
        time.run(() -> {
            var outermost = new CancelScope();
            var outer = new CancelScope();
            var inner = new CancelScope();
            outermost.run(() -> {
                outer.run(() -> {
                    inner.run(() -> {
                        inner.cancel();
                        outer.cancel();
                        sleepMillis(1000);
                    });
                    log.add("never here");
                });
                log.add("between");
            });
            assertThat(inner.cancelCalled()).isTrue();
            assertThat(inner.cancelledCaught()).isFalse();
            assertThat(outer.cancelledCaught()).isTrue();
            assertThat(outermost.cancelCalled()).isFalse();
        });

        assertThat(log).containsExactly("between");
    }

    @Test
    void shieldKeepsOutTheOuterCancellationOnly() throws Exception {
        time.run(() -> {
            var outer = new CancelScope();
            var inner = new CancelScope();
            outer.run(() -> {
                inner.run(() -> {
                    outer.cancel();
                    assertCancelled(Async::checkpoint);

                    inner.shield(true);
                    checkpoint();
                    sleepMillis(5);
                    var innermost = new CancelScope();
                    innermost.run(() -> {
                        innermost.cancel();
                        assertCancelled(Async::checkpoint);
                    });
                    checkpoint();

                    inner.shield(false);
                    assertCancelled(Async::checkpoint);

                    inner.shield(true);
                    checkpoint();
                    inner.cancel();
                    checkpoint();
                    log.add("never here");
                });
                assertThat(inner.cancelledCaught()).isTrue();
                assertCancelled(Async::checkpoint);
            });
        });

        assertThat(log).isEmpty();
    }

    @Test
    void shieldThatGoesDownLetsAWaitingCoroutineHear() throws Exception {
        time.run(() -> {
            var outer = new CancelScope();
            var inner = CancelScope.shielded();
            var task = spawn(() -> outer.run(() -> inner.run(() -> sleepMillis(1000))));
            pass();
            outer.cancel();
            sleepMillis(5);
            assertThat(task.isDone()).isFalse();
            inner.shield(false);
            task.await();
            assertThat(outer.cancelledCaught()).isTrue();
            assertThat(inner.cancelledCaught()).isFalse();
        });

        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void shieldThatGoesUpWhileACancellationIsOnItsWayDoesNotCatchIt() throws Exception {
        time.run(() -> {
            var outer = new CancelScope();
            var inner = new CancelScope();
            outer.run(() -> inner.run(() -> {
                outer.cancel();
                try {
                    checkpoint();
                } finally {
                    inner.shield(true);
                }
            }));
            assertThat(outer.cancelledCaught()).isTrue();
            assertThat(inner.cancelledCaught()).isFalse();
        });
    }

    @Test
    void shieldKeepsOutTaskCancelUntilItIsLeft() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                CancelScope.shielded().run(() -> {
                    sleepMillis(10);
                    log.add("shielded part done, requests " + self().cancelRequests());
                });
                log.add("still here");
                pass();
                log.add("never here");
            });
            pass();
            assertThat(task.cancel("stop")).isTrue();
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("stop");
        });

        assertThat(log).containsExactly("shielded part done, requests 1", "still here");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void requestThatIsDueWhenTheShieldGoesUpWaits() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel("myself");
                CancelScope.shielded().run(() -> {
                    sleepMillis(10);
                    log.add("slept");
                });
                sleepMillis(10);
            });
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("myself");
        });

        assertThat(log).containsExactly("slept");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void requestThatIsTakenBackBeforeTheShieldIsLeftNeverArrives() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                CancelScope.shielded().run(() -> sleepMillis(10));
                sleepMillis(10);
                return 42;
            });
            pass();
            task.cancel();
            assertThat(task.uncancel()).isZero();
            assertThat(task.await()).isEqualTo(42);
        });
    }

    @Test
    void timeoutInsideAShieldWorksWhileOneOutsideWaits() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> Async.timeout(ofMillis(5), () -> {
                        CancelScope.shielded().run(() -> {
                            sleepMillis(10);
                            assertThatThrownBy(() -> Async.timeout(ofMillis(10), () -> sleepMillis(1000)))
                                    .isInstanceOf(TimeoutException.class);
                            sleepMillis(10);
                            log.add("left the shield");
                        });
                        pass();
                        log.add("never here");
                    }))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done after PT0.005S");
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(log).containsExactly("left the shield");
        assertThat(time.elapsedMillis()).isEqualTo(30);
    }

    @Test
    void shieldedCleanUpHasADeadlineOfItsOwn() throws Exception {
        time.run(() -> {
            var cleanUp = CancelScope.after(ofMillis(7)).shield(true);
            moveOnAfter(ofMillis(10), () -> {
                try {
                    sleepMillis(1000);
                } finally {
                    cleanUp.run(() -> {
                        sleepMillis(3);
                        log.add("half cleaned up");
                        sleepMillis(1000);
                    });
                }
            });
            assertThat(cleanUp.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("half cleaned up");
        assertThat(time.elapsedMillis()).isEqualTo(17);
    }

    @Test
    void cancellationOfTheTaskPassesThroughACancelledScope() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            var task = spawn(() -> {
                scope.run(() -> sleepMillis(1000));
                log.add("never here");
            });
            pass();
            scope.cancel("the scope");
            task.cancel("the task");
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            assertThat(scope.cancelledCaught()).isFalse();
        });

        assertThat(log).isEmpty();
    }

    @Test
    void requestFromBeforeTheScopeThatArrivesInItPassesThrough() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel("before");
                moveOnAfter(Duration.ZERO, () -> sleepMillis(10));
                log.add("never here");
            });
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).isEmpty();
    }

    @Test
    void timeoutAroundACancelledScopeHasItsWay() throws Exception {
        time.run(() -> assertThatThrownBy(() -> Async.timeout(ofMillis(10), () -> {
                    var scope = CancelScope.after(ofMillis(10));
                    scope.run(() -> sleepMillis(1000));
                    log.add("between");
                    pass();
                    log.add("never here");
                }))
                .isInstanceOf(TimeoutException.class));

        assertThat(log).doesNotContain("never here");
    }

    @Test
    void timeoutInsideACancelledScopeLetsTheCancellationPass() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(10));
            scope.run(() -> {
                try {
                    Async.timeout(ofMillis(10), () -> sleepMillis(1000));
                } catch (TimeoutException e) {
                    log.add("timed out");
                }
            });
            assertThat(scope.cancelledCaught()).isTrue();
            assertThat(self().cancelRequests()).isZero();
        });

        assertThat(log).isEmpty();
    }

    @Test
    void cancelledTaskThatIsAwaitedDoesNotLookLikeTheScope() throws Exception {
        time.run(() -> {
            var task = spawn(() -> sleepMillis(1000));
            task.cancel("its own");
            var scope = new CancelScope();
            assertThatThrownBy(() -> scope.run(task::await))
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("its own");
            assertThat(scope.cancelledCaught()).isFalse();
        });
    }

    // ---- deadlines

    @Test
    void deadlineCancelsTheScope() throws Exception {
        time.run(() -> {
            var scope = CancelScope.until(Deadline.after(ofMillis(10)));
            scope.run(() -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    log.add(e.reason());
                    throw e;
                }
            });
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("timed out at PT0.01S");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void timeLimitIsCountedFromTheEntry() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(10));
            sleepMillis(50);
            scope.run(() -> {
                assertThat(scope.deadline()).isEqualTo(Deadline.after(ofMillis(10)));
                sleepMillis(1000);
            });
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(time.elapsedMillis()).isEqualTo(60);
    }

    @Test
    void deadlineMovesBothWays() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(10));
            scope.run(() -> {
                scope.deadline(scope.deadline().plus(ofMillis(20)));
                sleepMillis(25);
                scope.deadline(Deadline.NEVER);
                sleepMillis(100);
                log.add("no deadline");
                scope.deadline(Deadline.after(ofMillis(-1)));
                assertCancelled(Async::checkpoint);
                scope.deadline(Deadline.NEVER);
                assertCancelled(Async::checkpoint);
            });
            assertThat(scope.cancelCalled()).isTrue();
        });

        assertThat(log).containsExactly("no deadline");
    }

    @Test
    void deadlineThatHasPassedCancelsTheFirstWait() throws Exception {
        time.run(() -> {
            moveOnAfter(Duration.ZERO, () -> {
                log.add("began");
                pass();
                log.add("never here");
            });
            moveOnAt(Deadline.PASSED, () -> {
                log.add("began");
                pass();
                log.add("never here");
            });
            assertThat(moveOnAfter(Duration.ZERO, () -> "did not wait")).isEqualTo("did not wait");
        });

        assertThat(log).containsExactly("began", "began");
    }

    @Test
    void scopeThatWasLeftInTimeIsNotCancelledLater() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(10));
            scope.run(() -> sleepMillis(5));
            sleepMillis(50);
            assertThat(scope.cancelCalled()).isFalse();
            assertThat(loop().statistics().timers()).isZero();
        });
    }

    @Test
    void scopeWhoseDeadlineHasPassedCountsAsCancelledBeforeItIsEntered() throws Exception {
        time.run(() -> {
            var scope = CancelScope.until(Deadline.after(ofMillis(10)));
            assertThat(scope.cancelCalled()).isFalse();
            scope.deadline(Deadline.after(ofMillis(-10)));
            assertThat(scope.cancelCalled()).isTrue();
            scope.deadline(Deadline.NEVER);
            assertThat(scope.cancelCalled()).isTrue();
        });
    }

    @Test
    void effectiveDeadlineIsTheEarliestThatReachesIn() throws Exception {
        time.run(() -> {
            assertThat(CancelScope.effectiveDeadline()).isEqualTo(Deadline.NEVER);
            var five = Deadline.after(ofMillis(5));
            var ten = Deadline.after(ofMillis(10));
            var three = Deadline.after(ofMillis(3));
            var outer = CancelScope.until(five);
            var inner = CancelScope.until(ten);
            outer.run(() -> {
                inner.run(() -> {
                    assertThat(CancelScope.effectiveDeadline()).isEqualTo(five);
                    inner.deadline(three);
                    assertThat(CancelScope.effectiveDeadline()).isEqualTo(three);
                    inner.deadline(ten).shield(true);
                    assertThat(CancelScope.effectiveDeadline()).isEqualTo(ten);
                    inner.shield(false);
                    assertThat(CancelScope.effectiveDeadline()).isEqualTo(five);
                    outer.cancel();
                    assertThat(CancelScope.effectiveDeadline()).isEqualTo(Deadline.PASSED);
                    inner.shield(true);
                    assertThat(CancelScope.effectiveDeadline()).isEqualTo(ten);
                });
                assertThat(CancelScope.effectiveDeadline()).isEqualTo(Deadline.PASSED);
            });
            assertThat(CancelScope.effectiveDeadline()).isEqualTo(Deadline.NEVER);
        });
    }

    @Test
    void moveOnAfterGivesTheValueOrNull() throws Exception {
        time.run(() -> {
            assertThat(moveOnAfter(ofMillis(10), () -> "in time")).isEqualTo("in time");
            assertThat(moveOnAfter(ofMillis(10), () -> {
                        sleepMillis(1000);
                        return "late";
                    }))
                    .isNull();
            assertThat(moveOnAt(Deadline.after(ofMillis(5)), () -> "in time")).isEqualTo("in time");
        });

        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void failAfterThrowsWhenTheTimeIsOver() throws Exception {
        time.run(() -> {
            assertThat(failAfter(ofMillis(10), () -> "in time")).isEqualTo("in time");
            assertThatThrownBy(() -> failAfter(ofMillis(10), () -> sleepMillis(1000)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done after PT0.01S")
                    .hasCauseInstanceOf(CancelledError.class);
            assertThatThrownBy(() -> failAt(Deadline.after(ofMillis(5)), () -> sleepMillis(1000)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done by the deadline, PT0.015S");
            failAt(Deadline.NEVER, () -> sleepMillis(1));
        });
    }

    @Test
    void innerFailAfterIsNotTheOneThatFailsWhenTheOuterIsOver() throws Exception {
        time.run(() -> {
            assertThat(moveOnAfter(
                            ofMillis(5),
                            () -> failAfter(ofMillis(10), () -> {
                                sleepMillis(1000);
                                return "late";
                            })))
                    .isNull();
        });

        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void negativeTimeIsRefused() {
        assertThatThrownBy(() -> moveOnAfter(ofMillis(-1), () -> log.add("never here")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be negative, was PT-0.001S");
        assertThatThrownBy(() -> failAfter(ofMillis(-1), () -> log.add("never here")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(log).isEmpty();
    }

    // ---- entering and leaving

    @Test
    void scopeMayBeCancelledBeforeItIsEntered() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.cancel("too early");
            scope.run(() -> {
                log.add("began");
                assertThatThrownBy(Async::checkpoint).hasMessage("too early");
                pass();
            });
            assertThat(scope.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("began");
    }

    @Test
    void scopeIsEnteredOnce() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> assertThatThrownBy(() -> scope.run(() -> log.add("never here")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("entered once"));
            scope.cancel();
            pass();
            assertThat(scope.cancelCalled()).isTrue();
            assertThat(scope.cancelledCaught()).isFalse();
            assertThatThrownBy(() -> scope.run(() -> log.add("never here")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("entered once");

            var elsewhere = new CancelScope();
            var task = spawn(() -> elsewhere.run(() -> sleepMillis(10)));
            pass();
            assertThatThrownBy(() -> elsewhere.run(() -> log.add("never here")))
                    .isInstanceOf(IllegalStateException.class);
            task.await();
        });

        assertThat(log).isEmpty();
    }

    @Test
    void needsACoroutine() {
        assertThatThrownBy(() -> new CancelScope().run(() -> log.add("never here")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a running loop");
        assertThat(log).isEmpty();
    }

    @Test
    void scopeAroundAYieldThatIsLeftTooLateIsAnError() throws Exception {
        time.run(() -> {
            var numbers = Generator.<Integer>of(out -> new CancelScope().run(() -> {
                out.yield(1);
                out.yield(2);
            }));
            Iterator<Integer> iterator = numbers.iterator();
            var outer = new CancelScope();
            assertThatThrownBy(() -> outer.run(() -> {
                        iterator.next();
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("within an inner one");
            assertThat(iterator.next()).isEqualTo(2);
            assertThat(iterator.hasNext()).isFalse();
            pass();
            assertThat(CancelScope.effectiveDeadline()).isEqualTo(Deadline.NEVER);
        });
    }

    @Test
    void scopeThatAnotherCoroutineLeavesIsAnError() throws Exception {
        time.run(() -> {
            var numbers = Generator.<Integer>of(out -> new CancelScope().run(() -> out.yield(1)));
            Iterator<Integer> iterator = numbers.iterator();
            var first = spawn(iterator::next);
            assertThat(first.await()).isEqualTo(1);
            var second = spawn(iterator::hasNext);
            assertThatThrownBy(second::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must be left by the coroutine that entered it");
        });
    }

    @Test
    void groupThatOutlivesItsScopeIsAnErrorAndItsTasksAreCancelled() throws Exception {
        time.run(() -> {
            List<TaskGroup<Integer>> leaked = new ArrayList<>();
            List<Task<Integer>> tasks = new ArrayList<>();
            assertThatThrownBy(() -> new CancelScope().run(() -> {
                        var group = TaskGroup.<Integer>open();
                        leaked.add(group);
                        tasks.add(group.fork(() -> {
                            sleepMillis(1000);
                            return 1;
                        }));
                        pass();
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tasks of a group opened in it still run");
            assertThatThrownBy(() -> tasks.getFirst().await()).isInstanceOf(CancelledError.class);
            assertThat(leaked.getFirst().join()).isEmpty();
        });
    }

    @Test
    void textTellsTheState() throws Exception {
        time.run(() -> {
            var scope = CancelScope.after(ofMillis(10)).shield(true);
            assertThat(scope).hasToString("CancelScope[unbound, shielded]");
            scope.run(() -> {
                assertThat(scope).hasToString("CancelScope[active, deadline PT0.01S, shielded]");
                scope.cancel();
            });
            assertThat(scope).hasToString("CancelScope[exited, deadline PT0.01S, shielded, cancelled]");
        });
    }

    @Test
    void veryDeepNestingIsFine() throws Exception {
        time.run(() -> {
            var outermost = new CancelScope();
            outermost.run(() -> nest(300, outermost));
            assertThat(outermost.cancelledCaught()).isTrue();
        });

        assertThat(log).containsExactly("deep");
    }

    private void nest(int depth, CancelScope outermost) throws Exception {
        if (depth > 0) {
            new CancelScope().run(() -> nest(depth - 1, outermost));
        } else {
            log.add("deep");
            outermost.cancel();
            pass();
            log.add("never here");
        }
    }

    // ---- calls of the JDK

    @Test
    void blockingCallIsInterruptedWhetherTheCancellationComesBeforeOrDuringIt() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
        Async.run(() -> {
            var during = new CancelScope();
            var task = spawn(() -> during.run(() -> Thread.sleep(Duration.ofHours(1))));
            pass();
            during.cancel("stop");
            task.await();
            assertThat(during.cancelledCaught()).isTrue();

            var before = new CancelScope();
            before.run(() -> {
                before.cancel("stop");
                Thread.sleep(Duration.ofHours(1));
            });
            assertThat(before.cancelledCaught()).isTrue();
            assertThat(Thread.interrupted()).isFalse();
        });
    }

    @Test
    void interruptThatTheBodySwallowedIsForgottenBehindTheScope() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
        Async.run(() -> {
            var scope = new CancelScope();
            scope.run(() -> {
                scope.cancel();
                try {
                    Thread.sleep(Duration.ofHours(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    log.add("swallowed");
                }
            });
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(scope.cancelledCaught()).isFalse();
            Thread.sleep(1);
            pass();
        });

        assertThat(log).containsExactly("swallowed");
    }

    @Test
    void shieldKeepsTheInterruptOut() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
        Async.run(() -> {
            var task = spawn(() -> {
                CancelScope.shielded().run(() -> {
                    Thread.sleep(20);
                    log.add("slept");
                });
                Thread.sleep(Duration.ofHours(1));
            });
            pass();
            task.cancel("stop");
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("stop");
        });

        assertThat(log).containsExactly("slept");
    }

    private static void assertCancelled(Action wait) {
        assertThatThrownBy(wait::run).isInstanceOf(CancelledError.class);
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    private static EventLoop loop() {
        return Objects.requireNonNull(EventLoop.current());
    }

    private static Task<?> self() {
        return Objects.requireNonNull(Async.currentTask());
    }
}
