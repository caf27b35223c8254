package dev.simul;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the own scheduler a blocking call of the JDK blocks its coroutine, and the loop goes on. */
class BlockingCallsTest {

    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void onOwnScheduler() {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
    }

    @Test
    void threadSleepLetsTheOthersRun() throws Exception {
        run(() -> {
            var sleeper = spawn(() -> {
                Thread.sleep(100);
                log.add("slept");
            });
            pass();
            assertThat(sleeper.state()).isEqualTo(Task.State.RUNNING);
            log.add("other");
            sleeper.await();
        });

        assertThat(log).containsExactly("other", "slept");
    }

    @Test
    void socketReadLetsTheWriterRun() throws Exception {
        run(() -> {
            try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var client = new Socket(server.getInetAddress(), server.getLocalPort());
                    var accepted = server.accept()) {
                var reader = spawn(() -> client.getInputStream().read());
                pass();
                accepted.getOutputStream().write(42);
                assertThat(reader.await()).isEqualTo(42);
            }
        });
    }

    @Test
    void coroutinesMayContendForALock() throws Exception {
        var lock = new ReentrantLock();
        run(() -> {
            var holder = spawn(() -> {
                lock.lock();
                try {
                    log.add("first in");
                    sleep(Duration.ofMillis(20));
                    log.add("first out");
                } finally {
                    lock.unlock();
                }
            });
            var contender = spawn(() -> {
                lock.lock();
                try {
                    log.add("second in");
                } finally {
                    lock.unlock();
                }
            });
            holder.await();
            contender.await();
        });

        assertThat(log).containsExactly("first in", "first out", "second in");
    }

    @Test
    void cancellationInterruptsTheCall() throws Exception {
        run(() -> {
            var sleeper = spawn(() -> Thread.sleep(Duration.ofHours(1)));
            pass();
            sleeper.cancel("wake up");

            assertThatThrownBy(sleeper::await)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("wake up")
                    .hasRootCauseInstanceOf(InterruptedException.class);
        });
    }

    @Test
    void timeoutEndsACallOfTheJdk() throws Exception {
        run(() -> {
            assertThatThrownBy(() -> timeout(Duration.ofMillis(10), () -> Thread.sleep(Duration.ofHours(1))))
                    .isInstanceOf(TimeoutException.class);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            Thread.sleep(1);
        });
    }

    @Test
    void interruptThatTheBodySwallowedIsStillACancellationAtItsNextWait() throws Exception {
        run(() -> {
            var stubborn = spawn(() -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    log.add("swallowed");
                }
                pass();
                log.add("never here");
            });
            pass();
            stubborn.cancel();
            assertThatThrownBy(stubborn::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("swallowed");
    }

    @Test
    void virtualClockStandsStillWhileACoroutineIsBlocked() throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            loop.run(Async.callable(() -> {
                var timer = spawn(() -> sleep(Duration.ofHours(1)));
                var blocked = spawn(() -> Thread.sleep(50));
                blocked.await();
                log.add("after the call: " + clock.elapsed());
                timer.await();
            }));
        }

        assertThat(log).containsExactly("after the call: PT0S");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofHours(1));
    }

    /** A class initialiser cannot be set aside; the promise that was to wake it still does so later. */
    @Test
    void wakeUpForAWaitThatCouldNotBeDoesNotEndTheNextOne() throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            loop.run(Async.callable(() -> {
                assertThatThrownBy(WaitsWhileItIsInitialised::touch)
                        .isInstanceOf(ExceptionInInitializerError.class)
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageStartingWith("cannot suspend here");
                spawn(() -> {
                    sleep(Duration.ofMillis(5));
                    LATE.complete(1);
                });
                sleep(Duration.ofMillis(10));
                log.add("slept until " + clock.elapsed());
            }));
        }

        assertThat(log).containsExactly("slept until PT0.01S");
    }

    private static final Promise<Integer> LATE = new Promise<>("late");

    private static final class WaitsWhileItIsInitialised {
        static final int VALUE = LATE.join();

        static int touch() {
            return VALUE;
        }
    }

    private static void pass() {
        sleep(Duration.ZERO);
    }
}
