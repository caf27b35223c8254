package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static dev.simul.sync.Select.onAcquire;
import static dev.simul.sync.Select.onAwait;
import static dev.simul.sync.Select.onJoin;
import static dev.simul.sync.Select.onLock;
import static dev.simul.sync.Select.onReceive;
import static dev.simul.sync.Select.onSend;
import static dev.simul.sync.Select.onSet;
import static dev.simul.sync.Select.onTimeout;
import static dev.simul.sync.Select.select;
import static dev.simul.sync.Select.selectUnbiased;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.CancelledError;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectTest {

    private final VirtualTime time = new VirtualTime();
    private final Channel<Integer> a = Channel.buffered(1);
    private final Channel<Integer> b = Channel.rendezvous();
    private final List<Object> log = new ArrayList<>();

    private Task<String> selecting() {
        return spawn(() -> select(onReceive(a, item -> "a" + item), onReceive(b, item -> "b" + item)));
    }

    @Test
    void firstClauseThatNeedsNoWaitingTakesEffect() throws Exception {
        time.run(() -> {
            a.send(1);
            spawn(() -> b.send(2));
            pass();

            assertThat(selecting().await()).isEqualTo("a1");
            assertThat(selecting().await()).isEqualTo("b2");
        });
    }

    @Test
    void unbiasedSelectTakesEachInTurnOfItsRandomness() throws Exception {
        time.run(() -> {
            var x = Channel.<Integer>unlimited();
            var y = Channel.<Integer>unlimited();
            for (int i = 0; i < 100; i++) {
                x.send(i);
                y.send(i);
            }
            int fromX = 0;
            var random = new Random(7);
            for (int i = 0; i < 100; i++) {
                fromX += selectUnbiased(random, onReceive(x, _ -> 1), onReceive(y, _ -> 0));
            }

            assertThat(fromX).isBetween(20, 80);
            assertThat(x.size() + y.size()).isEqualTo(100);
            String either = selectUnbiased(onReceive(x, _ -> "x"), onReceive(y, _ -> "y"));
            assertThat(either).isIn("x", "y");
        });
    }

    @Test
    void waitingSelectTakesWhatComesFirstAndLeavesTheOtherQueues() throws Exception {
        time.run(() -> {
            var selecting = selecting();
            pass();
            assertThat(a.statistics().receiving()).isEqualTo(1);
            assertThat(b.statistics().receiving()).isEqualTo(1);
            b.send(2);
            assertThat(a.trySend(1)).isTrue(); // nobody waits there any more: it stays

            assertThat(selecting.await()).isEqualTo("b2");
            assertThat(a.size()).isEqualTo(1);
            assertThat(a.statistics().receiving()).isZero();
            assertThat(b.trySend(3)).isFalse();
        });
    }

    @Test
    void sendClauseIsChosenByAReceiver() throws Exception {
        time.run(() -> {
            var selecting = spawn(() -> select(onSend(b, 7, () -> "sent"), onReceive(a, item -> "a" + item)));
            pass();
            assertThat(b.receive()).isEqualTo(7);

            assertThat(selecting.await()).isEqualTo("sent");
            assertThat(b.tryReceive()).isNull();
            assertThat(select(onSend(a, 8, () -> "at once"))).isEqualTo("at once");
        });
    }

    @Test
    void twoSelectsMeet() throws Exception {
        time.run(() -> {
            var one = spawn(() -> select(onSend(b, 1, () -> "sent"), onReceive(a, _ -> "a")));
            var two = spawn(() -> select(onReceive(a, _ -> "a"), onReceive(b, item -> "b" + item)));

            assertThat(two.await()).isEqualTo("b1");
            assertThat(one.await()).isEqualTo("sent");
        });
    }

    @Test
    void selectDoesNotMeetItself() throws Exception {
        time.run(() -> {
            var selecting = spawn(() -> select(onSend(b, 1, () -> "sent"), onReceive(b, item -> "received " + item)));
            pass();
            assertThat(selecting.isDone()).isFalse();
            b.send(2);

            assertThat(selecting.await()).isEqualTo("received 2");
        });
    }

    @Test
    void endOfAChannelIsThrownOrHandled() throws Exception {
        time.run(() -> {
            var waiting = selecting();
            var handled = spawn(() -> select(onReceive(a, _ -> "item", () -> "end")));
            pass();
            a.close();

            assertThatThrownBy(waiting::await).isInstanceOf(EndOfChannelException.class);
            assertThat(handled.await()).isEqualTo("end");
            assertThat(select(onReceive(a, _ -> "item", () -> "end"))).isEqualTo("end");
            assertThatThrownBy(() -> select(onSend(a, 1, () -> "sent"))).isInstanceOf(ChannelClosedException.class);
        });
    }

    @Test
    void taskGivesItsResultOrItsFailure() throws Exception {
        time.run(() -> {
            var slow = spawn(() -> {
                sleepMillis(20);
                return 1;
            });
            var broken = new IOException("broken");
            var failing = spawn(() -> {
                sleepMillis(10);
                throw broken;
            });

            assertThatThrownBy(() -> select(onAwait(slow, n -> n), onAwait(failing, _ -> -1)))
                    .isSameAs(broken);
            int result = select(onAwait(slow, n -> n + 1), onReceive(a, _ -> -1));
            assertThat(result).isEqualTo(2);
            assertThat(select(onJoin(failing, () -> "ended"))).isEqualTo("ended");
        });
    }

    @Test
    void taskThatIsNotChosenGoesOnAndKeepsNoCallback() throws Exception {
        time.run(() -> {
            var task = new Promise<String>("task");
            var cancelled = spawn(() -> select(onAwait(task, t -> t), onReceive(a, _ -> "a")));
            pass();
            cancelled.cancel();
            pass();

            assertThat(task.isDone()).isFalse();
            String late = select(onAwait(task, t -> t), onTimeout(Duration.ofMillis(1), () -> "late"));
            assertThat(late).isEqualTo("late");
            task.complete("done");
            pass();
            String done = select(onAwait(task, t -> t));
            assertThat(done).isEqualTo("done");
        });
    }

    @Test
    void timeOutIsChosenWhenNothingElseCame() throws Exception {
        time.run(() -> {
            assertThat(select(onReceive(a, _ -> "a"), onTimeout(Duration.ofMillis(50), () -> "late")))
                    .isEqualTo("late");
            assertThat(time.elapsedMillis()).isEqualTo(50);
            assertThat(a.statistics().receiving()).isZero();

            a.send(1);
            assertThat(select(onReceive(a, _ -> "a"), onTimeout(Duration.ofMillis(50), () -> "late")))
                    .isEqualTo("a");
            assertThat(select(onReceive(a, _ -> "a"), onTimeout(Duration.ZERO, () -> "nothing there")))
                    .isEqualTo("nothing there");
            assertThat(time.elapsedMillis()).isEqualTo(50);
        });
    }

    @Test
    void lockIsHeldWhenItsClauseIsChosen() throws Exception {
        time.run(() -> {
            var lock = new Lock();
            assertThat(select(onLock(lock, lock::isLocked))).isTrue();
            var selecting = spawn(() -> select(onReceive(a, _ -> false), onLock(lock, lock::isLocked)));
            pass();
            assertThat(lock.statistics().waiting()).isEqualTo(1);
            lock.release();

            assertThat(selecting.await()).isTrue();
            assertThat(lock.holder()).isEqualTo(selecting);
        });
    }

    @Test
    void selectThatChoseAnotherClausePassesTheLockOn() throws Exception {
        time.run(() -> {
            var lock = new Lock();
            lock.acquire();
            var selecting = spawn(() -> select(onReceive(a, item -> item), onLock(lock, () -> -1)));
            var next = spawn(() -> lock.acquire());
            pass();
            a.send(1);
            lock.release(); // the select stands first, but has been chosen elsewhere
            await(next);

            assertThat(selecting.await()).isEqualTo(1);
            assertThat(lock.holder()).isEqualTo(next);
        });
    }

    @Test
    void permitsAndFlagsCanBeSelected() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            var event = new Event();
            var permit = spawn(() -> select(onAcquire(semaphore, () -> "permit"), onSet(event, () -> "set")));
            var flag = spawn(() -> select(onSet(event, () -> "set"), onAcquire(semaphore, () -> "permit")));
            pass();
            semaphore.release();
            event.set();

            assertThat(permit.await()).isEqualTo("permit");
            assertThat(flag.await()).isEqualTo("set");
            assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(0, 0));
            assertThat(select(onSet(event, () -> "set"))).isEqualTo("set");
        });
    }

    @Test
    void cancelledSelectHasReceivedAndLockedNothing() throws Exception {
        time.run(() -> {
            var lock = new Lock();
            lock.acquire();
            var semaphore = new Semaphore(0);
            var receiving = selecting();
            var locking = spawn(() -> select(onLock(lock, () -> "locked")));
            var acquiring = spawn(() -> select(onAcquire(semaphore, () -> "permit")));
            pass();
            b.send(5);
            receiving.cancel();
            lock.release();
            locking.cancel();
            semaphore.release();
            acquiring.cancel();
            for (var task : List.of(receiving, locking, acquiring)) {
                assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            }

            assertThat(b.receive()).isEqualTo(5);
            assertThat(lock.tryAcquire()).isTrue();
            assertThat(semaphore.tryAcquire()).isTrue();
        });
    }

    @Test
    void selectThatHasSentIsCancelledAtItsNextWait() throws Exception {
        time.run(() -> {
            var selecting = spawn(() -> {
                log.add(select(onSend(b, 1, () -> "sent"), onReceive(a, _ -> "a")));
                sleep(Duration.ZERO);
                log.add("not reached");
            });
            pass();
            assertThat(b.receive()).isEqualTo(1);
            selecting.cancel();
            assertThatThrownBy(selecting::await).isInstanceOf(CancelledError.class);

            assertThat(log).containsExactly("sent");
        });
    }

    @Test
    void waitingSelectSaysForWhatItWaits() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> select()).hasMessageContaining("at least one clause");
            var selecting = selecting();
            pass();

            assertThat(selecting.toString()).contains("any of Channel[0 of 1 items, 1 receiving], Channel[rendezvous");
            selecting.cancel();
        });
    }

    @Test
    void outsideOfALoopItIsRefused() {
        assertThatThrownBy(() -> select(onReceive(a, item -> item))).hasMessageContaining("needs a running loop");
    }
}
