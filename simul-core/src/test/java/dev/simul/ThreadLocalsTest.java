package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** ThreadLocal and ScopedValue across switches: a coroutine is a thread, and keeps what is a thread's. */
class ThreadLocalsTest {

    private static final ScopedValue<Integer> SCOPED = ScopedValue.newInstance();

    private final ThreadLocal<Integer> ofThread = new ThreadLocal<>();
    private final VirtualTime time = new VirtualTime();

    @Test
    void aThreadLocalIsTheCoroutinesOwnAcrossSuspensions() throws Exception {
        time.run(() -> {
            List<Callable<Boolean>> parts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int own = i;
                parts.add(() -> {
                    ofThread.set(own);
                    for (int round = 0; round < 5; round++) {
                        sleepMillis(own % 3);
                        assertThat(ofThread.get()).isEqualTo(own);
                    }
                    return true;
                });
            }
            gather(parts.toArray(Callable[]::new));
            assertThat(ofThread.get()).isNull();
        });
    }

    @Test
    void aScopedValueStaysBoundAcrossSuspensionsAndOthersDoNotSeeIt() throws Exception {
        time.run(() -> {
            List<Callable<Boolean>> parts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int own = i;
                parts.add(() -> {
                    assertThat(SCOPED.isBound()).isFalse();
                    ScopedValue.where(SCOPED, own).call(() -> {
                        sleepMillis(own % 3);
                        assertThat(SCOPED.get()).isEqualTo(own);
                        return ScopedValue.where(SCOPED, -own).call(() -> {
                            sleepMillis(1);
                            assertThat(SCOPED.get()).isEqualTo(-own);
                            return true;
                        });
                    });
                    sleepMillis(1);
                    assertThat(SCOPED.isBound()).isFalse();
                    return true;
                });
            }
            gather(parts.toArray(Callable[]::new));
        });
    }

    @Test
    void bothStayWhileACoroutineIsBlockedInTheJdk() throws Exception {
        Async.run(() -> {
            ofThread.set(1);
            var other = spawn(() -> {
                assertThat(ofThread.get()).isNull();
                assertThat(SCOPED.isBound()).isFalse();
                Thread.sleep(1);
            });
            ScopedValue.where(SCOPED, 2).call(() -> {
                Thread.sleep(2);
                assertThat(SCOPED.get()).isEqualTo(2);
                return null;
            });
            assertThat(ofThread.get()).isEqualTo(1);
            other.await();
        });
    }

    @Test
    void aGeneratorsBodyHasItsOwnAcrossYieldsAndItsDriverDoesNotSeeThem() throws Exception {
        time.run(() -> assertBodyHasItsOwn());
        assertBodyHasItsOwn();
        Thread.ofVirtual().start(this::assertBodyHasItsOwn).join();
    }

    private void assertBodyHasItsOwn() {
        ofThread.set(7);
        var values = Generator.<Integer>of(out -> {
            ofThread.set(8);
            ScopedValue.where(SCOPED, 9).call(() -> {
                out.yield(1);
                out.yield(SCOPED.get());
                return null;
            });
            out.yield(ofThread.get());
        });
        assertThat(values.next()).isEqualTo(1);
        assertThat(SCOPED.isBound()).isFalse();
        assertThat(ofThread.get()).isEqualTo(7);
        assertThat(values.next()).isEqualTo(9);
        assertThat(values.next()).isEqualTo(8);
        values.close();
        ofThread.remove();
    }

    @Test
    void monitorsAreTheCoroutinesOwn() throws Exception {
        time.run(() -> {
            var monitor = new Object();
            synchronized (monitor) {
                sleepMillis(1);
                assertThat(Thread.holdsLock(monitor)).isTrue();
                var other = spawn(() -> Thread.holdsLock(monitor));
                assertThat(other.await()).isFalse();
            }
        });
    }
}
