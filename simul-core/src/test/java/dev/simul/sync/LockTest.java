package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.currentTask;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Async;
import dev.simul.CancelledError;
import dev.simul.EventLoop;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class LockTest {

    private final VirtualTime time = new VirtualTime();
    private final Lock lock = new Lock();
    private final List<String> log = new ArrayList<>();

    private Task<?> taker(String name) {
        return spawn(name, () -> {
            lock.acquire();
            log.add(name);
        });
    }

    @Test
    void freeLockIsTakenWithoutLettingOthersRun() throws Exception {
        time.run(() -> {
            var other = spawn(() -> log.add("other"));
            lock.acquire();
            log.add("main");
            await(other);

            assertThat(lock.isLocked()).isTrue();
            assertThat(log).containsExactly("main", "other");
        });
    }

    @Test
    void waitersGetItInTheOrderOfAsking() throws Exception {
        time.run(() -> {
            lock.acquire();
            taker("a");
            taker("b");
            taker("c");
            pass();
            assertThat(log).isEmpty();

            for (int i = 1; i <= 3; i++) {
                lock.release();
                pass();
                assertThat(log).hasSize(i);
            }
            assertThat(log).containsExactly("a", "b", "c");
        });
    }

    @Test
    void anotherCoroutineMayRelease() throws Exception {
        time.run(() -> {
            await(taker("a"));
            lock.release();

            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void whoComesBetweenReleaseAndTheWaitersTurnDoesNotOvertake() throws Exception {
        time.run(() -> {
            lock.acquire();
            taker("waiter");
            pass();
            lock.release();

            assertThat(lock.tryAcquire()).isFalse();
            pass();
            assertThat(log).containsExactly("waiter");
        });
    }

    @Test
    void releaserThatAsksAgainQueuesBehindWaiters() throws Exception {
        time.run(() -> {
            lock.acquire();
            spawn(() -> {
                lock.acquire();
                log.add("waiter");
                lock.release();
            });
            pass();
            lock.release();
            lock.acquire();
            log.add("main");

            assertThat(log).containsExactly("waiter", "main");
        });
    }

    @Test
    void cancelledWaiterLeavesTheQueue() throws Exception {
        time.run(() -> {
            lock.acquire();
            var waiter = taker("waiter");
            pass();
            waiter.cancel();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(lock.statistics().waiting()).isZero();
            lock.release();
            assertThat(lock.tryAcquire()).isTrue();
        });
    }

    @Test
    void holderThatEndsAsAWaiterIsCancelledLetsTheNextOneIn() throws Exception {
        time.run(() -> {
            var blocker = new Promise<String>("blocker");
            var a = spawn(() -> {
                try (var _ = lock.hold()) {
                    return blocker.await();
                }
            });
            var b = taker("b");
            var c = taker("c");
            pass();
            blocker.complete("go");
            b.cancel();
            pass();
            pass();

            assertThat(a.isDone()).isTrue();
            assertThat(b.state()).isEqualTo(Task.State.CANCELLED);
            await(c);
            assertThat(log).containsExactly("c");
        });
    }

    @Test
    void cancellingTheFirstWaiterAndReleasingAtOnceChoosesTheSecond() throws Exception {
        time.run(() -> {
            lock.acquire();
            var first = taker("first");
            taker("second");
            taker("third");
            pass();
            first.cancel();
            lock.release();
            pass();
            pass();

            assertThat(log).containsExactly("second");
            assertThat(lock.isLocked()).isTrue();
        });
    }

    @Test
    void cancelledWaiterPassesItsTurnOn() throws Exception {
        time.run(() -> {
            lock.acquire();
            var first = taker("first");
            var second = taker("second");
            pass();

            lock.release(); // the first is chosen …
            first.cancel(); // … and cancelled before it could run
            await(second);

            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(log).containsExactly("second");
            assertThat(lock.isLocked()).isTrue();
        });
    }

    @Test
    void onlyWaiterChosenThenCancelledLeavesTheLockFree() throws Exception {
        time.run(() -> {
            lock.acquire();
            var only = taker("only");
            pass();
            lock.release();
            only.cancel();
            pass();

            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.tryAcquire()).isTrue();
        });
    }

    @Test
    void timedOutWaiterDoesNotGetTheLockLater() throws Exception {
        time.run(() -> {
            lock.acquire();
            assertThatThrownBy(() -> Async.timeout(Duration.ofSeconds(1), () -> {
                        var inner = spawn(lock::acquire);
                        await(inner);
                    }))
                    .isInstanceOf(TimeoutException.class);
            lock.release();
            pass();

            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void releaseOfAFreeLockIsRefused() throws Exception {
        time.run(() -> assertThatThrownBy(lock::release)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("release() of a Lock that nobody holds: acquire() comes first"));
    }

    @Test
    void askingForALockOnesSelfHoldsIsRefused() throws Exception {
        time.run(() -> {
            lock.acquire();

            assertThatThrownBy(lock::acquire)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not re-entrant");
            assertThat(lock.statistics().waiting()).isZero();
        });
    }

    @Test
    void blockGivesItBackAlsoWhenItThrows() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> {
                        try (var _ = lock.hold()) {
                            assertThat(lock.holder()).isEqualTo(currentTask());
                            throw new IOException("broken");
                        }
                    })
                    .hasMessage("broken");

            assertThat(lock.isLocked()).isFalse();
            assertThat(lock.holder()).isNull();
        });
    }

    @Test
    void ownedLockIsReleasedByItsHolderOnly() throws Exception {
        time.run(() -> {
            var owned = Lock.owned();
            owned.acquire();
            var thief = spawn(owned::release);

            assertThatThrownBy(thief::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("can only be released by its holder, Task-");
            assertThat(owned.isLocked()).isTrue();
            owned.release();
            assertThat(owned.isLocked()).isFalse();
        });
    }

    @Test
    void ownedLockWhoseHolderEndsIsBrokenForWhoWaitsAndWhoComes() throws Exception {
        time.run(() -> {
            var owned = Lock.owned();
            var holder = spawn("holder", () -> {
                owned.acquire();
                pass();
                pass();
            });
            var waiter = spawn(owned::acquire);
            var selecting = spawn(() -> Select.select(Select.onLock(owned, () -> "taken")));

            assertThatThrownBy(waiter::await)
                    .isInstanceOf(BrokenResourceException.class)
                    .hasMessage("the holder of the Lock has ended without releasing it, holder: use hold()");
            assertThatThrownBy(selecting::await).isInstanceOf(BrokenResourceException.class);
            assertThatThrownBy(owned::acquire).isInstanceOf(BrokenResourceException.class);
            assertThatThrownBy(() -> Select.select(Select.onLock(owned, () -> "taken")))
                    .isInstanceOf(BrokenResourceException.class);
            assertThat(owned.tryAcquire()).isFalse();
            assertThat(owned.holder()).isEqualTo(holder);
        });
    }

    @Test
    void ownedLockThatWasReleasedSurvivesTheEndOfItsHolder() throws Exception {
        time.run(() -> {
            var owned = Lock.owned();
            var holder = spawn(() -> owned.hold().close());
            var next = spawn(owned::acquire);
            await(holder);
            next.await();
            pass();
            assertThatThrownBy(owned::acquire).isInstanceOf(BrokenResourceException.class);
        });
    }

    @Test
    void statisticsAndTextSayWhoHoldsItAndHowManyWait() throws Exception {
        time.run(() -> {
            assertThat(lock).hasToString("Lock[free]");
            var holder = taker("holder");
            await(holder);
            taker("a");
            taker("b");
            pass();

            assertThat(lock.statistics()).isEqualTo(new Lock.Statistics(true, holder, 2));
            assertThat(lock).hasToString("Lock[held by holder, 2 waiting]");
            assertThat(lock.holders()).containsExactly(holder);
        });
    }

    @Test
    void callbackMayTakeItButNotWaitForIt() throws Exception {
        time.run(() -> {
            var done = new Promise<String>("callback");
            spawn(() -> "x").onDone(_ -> {
                try {
                    lock.acquire();
                } catch (IllegalStateException e) {
                    done.complete(e.getMessage() + lock.tryAcquire() + lock);
                }
            });

            assertThat(done.await())
                    .isEqualTo("acquire() in a callback would block its loop for ever: spawn a coroutine that waits"
                            + "trueLock[held]");
        });
    }

    @Test
    void deadlockByTheOrderOfLocksIsReportedWithItsHolders() {
        var other = new Lock();
        assertThatThrownBy(() -> time.run(() -> {
                    var one = spawn("one", () -> takeBoth(lock, other));
                    spawn("two", () -> takeBoth(other, lock));
                    one.await();
                }))
                .hasMessageContaining("deadlock")
                .hasMessageContaining("Lock[held by one, 1 waiting]")
                .hasMessageContaining("Lock[held by two, 1 waiting]");
    }

    private static void takeBoth(Lock first, Lock second) {
        try (var _ = first.hold()) {
            pass();
            try (var _ = second.hold()) {
                pass();
            }
        }
    }

    @Test
    void outsideOfALoopItIsRefusedWithTheWayOut() {
        assertThatThrownBy(lock::acquire)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("acquire() needs a running loop: call it inside Async.run(…), or use"
                        + " java.util.concurrent.locks.ReentrantLock");
    }

    @Test
    void lockOfALoopThatRunsIsRefusedElsewhere() throws Exception {
        time.run(() -> {
            lock.acquire();
            var elsewhere = Async.on(command -> Thread.ofPlatform().start(command), () -> {
                try (var loop = EventLoop.open()) {
                    return loop.run(() -> {
                        lock.acquire();
                        return "taken";
                    });
                }
            });

            assertThatThrownBy(elsewhere::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to another loop")
                    .hasMessageContaining("make one for each loop");
            var thread = Async.on(command -> Thread.ofPlatform().start(command), () -> lock.release());
            assertThatThrownBy(thread::await).hasMessageContaining("belongs to another loop");
        });
    }

    @Test
    void nextLoopTakesItOverWhenTheFirstHasEnded() throws Exception {
        time.run(() -> {
            lock.acquire();
            lock.release();
        });

        new VirtualTime().run(() -> {
            lock.acquire();
            assertThat(lock.isLocked()).isTrue();
        });
    }

    @Test
    void lockOfALoopThatRestsBetweenTwoRunsIsRefusedElsewhereUntilThatIsClosed() throws Exception {
        try (var first = EventLoop.open();
                var second = EventLoop.open()) {
            var waiting = first.run(() -> {
                lock.acquire();
                var task = spawn(lock::acquire);
                pass();
                return task;
            });

            assertThatThrownBy(() -> second.run(() -> lock.tryAcquire()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("belongs to another loop, which used it first and is not closed");
            lock.release(); // between the runs
            first.run(() -> {
                waiting.await();
            });
            assertThat(lock.holder()).isEqualTo(waiting);
            first.close();
            assertThat(second.run(() -> lock.tryAcquire())).isFalse();
        }
    }
}
