package dev.simul.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process brings about; the test's time-out is the limit. */
final class Eventually {
    private Eventually() {}

    static void eventually(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new AssertionError("interrupted before it happened");
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    static boolean isDead(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }

    /** The child that works now. */
    static ChildProcess busyChild(ProcessPool pool) {
        eventually(() -> pool.children().stream().anyMatch(ChildProcess::busy));
        return pool.children().stream().filter(ChildProcess::busy).findFirst().orElseThrow();
    }
}
