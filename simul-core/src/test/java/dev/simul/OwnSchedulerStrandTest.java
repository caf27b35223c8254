package dev.simul;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of states at the top of OwnSchedulerStrand, line by line; the test plays the JDK where a crossing is rare. */
class OwnSchedulerStrandTest {
    @BeforeEach
    void onlyWithTheFlag() {
        assumeThat(Scheduler.current()).isEqualTo(Scheduler.OWN);
    }

    private static final class Driven implements Strand.Owner {
        private final Consumer<Driven> body;
        final AtomicInteger reported = new AtomicInteger();
        final Semaphore gate = new Semaphore(0);
        final OwnSchedulerStrand strand;

        Driven(Consumer<Driven> body) {
            this.body = body;
            strand = new OwnSchedulerStrand(this, null);
        }

        /** As the JDK does when it unblocks the body, or when somebody has taken its stack trace. */
        void wakeAsTheJdkDoes() {
            strand.execute(requireNonNull(strand.continuation));
        }

        @Override
        public void run() {
            body.accept(this);
        }

        @Override
        public void onRunnable() {
            reported.incrementAndGet();
        }
    }

    @Test
    void wakeUpWhileResumeIsOnIsReportedOnceByTheDriver() {
        var driven = new Driven(it -> {
            it.wakeAsTheJdkDoes();
            it.wakeAsTheJdkDoes();
            assertThat(it.reported).hasValue(0);
            it.gate.acquireUninterruptibly();
        });
        driven.strand.resume();
        assertThat(driven.reported).hasValue(1);
        assertThat(driven.strand.isEnded()).isFalse();
        driven.gate.release();
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void wakeUpOfABlockedBodyIsReportedOnceByWhoWakes() {
        var driven = new Driven(it -> it.gate.acquireUninterruptibly());
        driven.strand.resume();
        assertThat(driven.reported).hasValue(0);
        driven.gate.release();
        driven.wakeAsTheJdkDoes();
        assertThat(driven.reported).hasValue(1);
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void wakeUpTooManyLeavesABlockedBodyBlockedAndAbleToWake() {
        var driven = new Driven(it -> it.gate.acquireUninterruptibly());
        driven.strand.resume();
        driven.wakeAsTheJdkDoes();
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isFalse();
        driven.gate.release();
        assertThat(driven.reported).hasValue(2);
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void wakeUpOfASuspendedBodyIsIgnored() {
        var driven = new Driven(it -> it.strand.suspend());
        driven.strand.resume();
        driven.wakeAsTheJdkDoes();
        assertThat(driven.reported).hasValue(0);
        assertThat(driven.strand.isSuspended()).isTrue();
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void wakeUpBeforeASuspensionDoesNotOutliveIt() {
        var driven = new Driven(it -> {
            it.wakeAsTheJdkDoes();
            it.strand.suspend();
        });
        driven.strand.resume();
        assertThat(driven.reported).hasValue(0);
        assertThat(driven.strand.isSuspended()).isTrue();
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isTrue();
    }

    @Test
    void runnableOfAnotherThreadGoesToTheDefaultScheduler() {
        var thread = new CompletableFuture<String>();
        var driven = new Driven(it -> {});
        driven.strand.execute(() -> thread.complete(Thread.currentThread().getName()));
        assertThat(thread.join()).contains("ForkJoinPool");
        assertThat(driven.reported).hasValue(0);
    }

    @Test
    void hotPathAllocatesNothing() {
        var driven = new Driven(it -> {
            while (it.gate.availablePermits() == 0) {
                it.strand.suspend();
            }
        });
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        resume(driven, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        resume(driven, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated / 20_000).isZero();
        driven.gate.release();
        driven.strand.resume();
        assertThat(driven.strand.isEnded()).isTrue();
    }

    private static void resume(Driven driven, int times) {
        for (int i = 0; i < times; i++) {
            driven.strand.resume();
        }
    }
}
