package dev.simul;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"ThreadPriorityCheck", "LockNotBeforeTry"}) // switches are the subject, also those inside a lock
class StrandTest {
    /** A strand whose body is a lambda, with what is needed to wait for a blocked one. */
    private static final class Driven implements Strand.Owner {
        private final Consumer<Strand> body;
        final Semaphore runnable = new Semaphore(0);
        final Strand strand;

        Driven(Consumer<Strand> body) {
            this.body = body;
            strand = Strand.of(this, null);
        }

        @Override
        public void run() {
            body.accept(strand);
        }

        @Override
        public void onRunnable() {
            runnable.release();
        }

        /** Resumes until the body suspends or ends, through whatever blocks it in between. */
        void step() {
            strand.resume();
            while (!strand.isSuspended() && !strand.isEnded()) {
                runnable.acquireUninterruptibly();
                strand.resume();
            }
        }
    }

    @Test
    void bodyRunsOnlyWhenResumed() {
        var log = new ArrayList<String>();
        var driven = new Driven(strand -> {
            log.add("a");
            strand.suspend();
            log.add("b");
        });
        log.add("1");
        driven.step();
        log.add("2");
        driven.step();
        log.add("3");

        assertThat(log).containsExactly("1", "a", "2", "b", "3");
        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void endIsSeenOfABodyThatReplacedTheHandlerOfItsThread() {
        var driven = new Driven(strand -> Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> {}));
        driven.step();

        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void bodyFindsItsStrandAndNobodyElseDoes() {
        var found = new ArrayList<Strand>();
        var driven = new Driven(strand -> found.add(Strand.current()));
        driven.step();

        assertThat(found).containsExactly(driven.strand);
        assertThat(Strand.current()).isNull();
    }

    @Test
    void bodyHasItsOwnThreadLocalsAndKeepsThemAcrossSwitches() {
        var local = ThreadLocal.withInitial(() -> "none");
        var seen = new ArrayList<String>();
        var driven = new Driven(strand -> {
            seen.add(local.get());
            local.set("body");
            strand.suspend();
            seen.add(local.get());
        });
        local.set("driver");
        driven.step();
        seen.add(local.get());
        driven.step();

        assertThat(seen).containsExactly("none", "driver", "body");
    }

    @Test
    void scopedValueBoundInTheBodyHoldsAcrossSwitchesAndDoesNotLeak() {
        var scoped = ScopedValue.<String>newInstance();
        var seen = new ArrayList<String>();
        var driven = new Driven(strand -> ScopedValue.where(scoped, "body").run(() -> {
            strand.suspend();
            seen.add(scoped.orElse("none"));
        }));
        driven.step();
        ScopedValue.where(scoped, "driver").run(() -> {
            seen.add(scoped.get());
            driven.step();
        });
        seen.add(scoped.orElse("none"));

        assertThat(seen).containsExactly("driver", "body", "none");
    }

    @Test
    void monitorHeldBySuspendedBodyKeepsOthersOut() throws Exception {
        var monitor = new Object();
        var driven = new Driven(strand -> {
            synchronized (monitor) {
                strand.suspend();
            }
        });
        driven.step();
        var entered = new CompletableFuture<Void>();
        var other = Thread.ofPlatform().start(() -> {
            synchronized (monitor) {
                entered.complete(null);
            }
        });
        while (other.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        assertThat(entered).isNotDone();

        driven.step();
        other.join();
        assertThat(entered).isDone();
    }

    @Test
    void reentrantLockSurvivesAChangeOfDriver() throws Exception {
        var lock = new ReentrantLock();
        var driven = new Driven(strand -> {
            lock.lock();
            strand.suspend();
            lock.unlock();
        });
        driven.step();
        assertThat(lock.isLocked()).isTrue();
        Thread.ofPlatform().start(driven::step).join();

        assertThat(driven.strand.isEnded()).isTrue();
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void blockingJdkCallInTheBodyGoesOnWhenTheJdkSaysSo() {
        var gate = new CountDownLatch(1);
        var driven = new Driven(strand -> {
            try {
                gate.await();
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.ofPlatform().start(gate::countDown);
        driven.step();

        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void yieldOfTheBodyIsNotASuspension() {
        var log = new ArrayList<String>();
        var driven = new Driven(strand -> {
            log.add("before");
            Thread.yield();
            log.add("after");
            strand.suspend();
        });
        driven.step();

        assertThat(log).containsExactly("before", "after");
        assertThat(driven.strand.isSuspended()).isTrue();
    }

    @Test
    void unparkAndInterruptDoNotResumeASuspendedBody() {
        var log = new ArrayList<String>();
        var driven = new Driven(strand -> {
            strand.suspend();
            log.add("resumed, interrupted " + Thread.currentThread().isInterrupted());
        });
        driven.step();
        LockSupport.unpark(driven.strand.thread());
        driven.strand.thread().interrupt();
        LockSupport.parkNanos(1_000_000);
        assertThat(log).isEmpty();
        assertThat(driven.strand.isSuspended()).isTrue();

        driven.step();
        assertThat(log).containsExactly("resumed, interrupted true");
    }

    @Test
    void interruptOfTheDriverSurvivesASwitch() {
        var driven = new Driven(Strand::suspend);
        Thread.currentThread().interrupt();
        driven.step();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void interruptOfTheDriverWhileTheBodyRunsSurvives() {
        var driver = Thread.currentThread();
        var driven = new Driven(strand -> {
            driver.interrupt();
            strand.suspend();
        });
        driven.step();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(driven.strand.thread().isInterrupted()).isFalse();
    }

    @Test
    void childThreadsRunOnTheDefaultScheduler() throws Exception {
        var names = new ArrayList<String>();
        var children = new ArrayList<Thread>();
        var driven = new Driven(strand -> {
            children.add(Thread.startVirtualThread(() -> {
                Thread.yield();
                names.add(Thread.currentThread().toString());
            }));
            strand.suspend();
        });
        driven.step();
        children.getFirst().join();

        assertThat(names).singleElement().asString().contains("@ForkJoinPool-1-worker");
    }

    @Test
    void strandRunsAnotherInsideItsOwnTurn() {
        var log = new ArrayList<String>();
        var inner = new Driven(strand -> {
            log.add("inner 1");
            strand.suspend();
            log.add("inner 2");
        });
        var outer = new Driven(strand -> {
            runInsideTurn(strand, inner);
            log.add("outer");
            runInsideTurn(strand, inner);
            strand.suspend();
        });
        outer.step();

        assertThat(log).containsExactly("inner 1", "outer", "inner 2");
        assertThat(inner.strand.isEnded()).isTrue();
        assertThat(outer.strand.isSuspended()).isTrue();
    }

    private static void runInsideTurn(Strand strand, Driven other) {
        if (!strand.runMeanwhile(other.strand)) {
            other.strand.drive();
        }
    }

    @Test
    void strandUnderAStackDumpLosesNoTurn() throws Exception {
        int rounds = 20_000;
        var driven = new Driven(strand -> {
            for (int i = 1; i < rounds; i++) {
                strand.suspend();
            }
        });
        driven.step();
        var dumper = Thread.ofPlatform().daemon().start(() -> {
            while (driven.strand.thread().isAlive()) {
                driven.strand.thread().getStackTrace();
            }
        });
        while (!driven.strand.isEnded()) {
            driven.step();
        }
        dumper.join();
    }

    @Test
    void resumeThatCrossesAnUnparkLosesNoTurn() {
        int rounds = 20_000;
        var driven = new Driven(strand -> {
            for (int i = 0; i < rounds; i++) {
                parking = true;
                while (parking) {
                    LockSupport.park();
                }
                strand.suspend();
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            var random = new SplittableRandom(42);
            while (!driven.strand.isEnded()) {
                while (!parking) {
                    Thread.onSpinWait();
                }
                for (int spins = random.nextInt(1000); spins > 0 && parking; spins--) {} // somewhere in the parking
                parking = false;
                LockSupport.unpark(driven.strand.thread());
            }
        });
        while (!driven.strand.isEnded()) {
            driven.step();
        }
    }

    private volatile boolean parking;

    @Test
    void suspendInsideAClassInitialiserSaysSo() {
        var errors = new ArrayList<Throwable>();
        var driven = new Driven(strand -> {
            try {
                new Pinned();
            } catch (ExceptionInInitializerError e) {
                errors.add(e.getCause());
            }
        });
        if (Scheduler.current() == Scheduler.OWN) {
            driven.step();
            assertThat(errors)
                    .singleElement()
                    .asString()
                    .contains("cannot suspend here")
                    .contains("class initialiser");
        }
    }

    private static final class Pinned {
        static {
            requireNonNull(Strand.current()).suspend();
        }
    }
}
