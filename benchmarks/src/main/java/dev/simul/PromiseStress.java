package dev.simul;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A promise between two threads. */
public class PromiseStress {
    private PromiseStress() {}

    private static final class Watcher implements Consumer<Task<Integer>> {
        private final AtomicInteger times = new AtomicInteger();

        @Override
        public void accept(Task<Integer> ended) {
            times.incrementAndGet();
        }
    }

    /** One completes it while the other cancels it. */
    @JCStressTest
    @Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "completed, and told once")
    @Outcome(id = "0, 1, 1", expect = Expect.ACCEPTABLE, desc = "cancelled, and told once")
    @State
    public static class Ends {
        private final Promise<Integer> promise = new Promise<>("contested");
        private final AtomicInteger told = new AtomicInteger();

        public Ends() {
            promise.onDone(_ -> told.incrementAndGet());
        }

        @Actor
        public void complete(III_Result result) {
            result.r1 = promise.complete(1) ? 1 : 0;
        }

        @Actor
        public void cancel(III_Result result) {
            result.r2 = promise.cancel("no") ? 1 : 0;
        }

        @Arbiter
        public void arbiter(III_Result result) {
            result.r3 = told.get();
        }
    }

    /** One ends it while the other asks to be told, and takes another request back. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the other request was taken back in time")
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the end was first")
    @State
    public static class Watches {
        private final Promise<Integer> promise = new Promise<>("contested");
        private final AtomicInteger told = new AtomicInteger();
        private final Watcher unwanted = new Watcher();

        public Watches() {
            promise.onDone(unwanted);
        }

        @Actor
        public void end() {
            promise.complete(1);
        }

        @Actor
        public void watch() {
            promise.onDone(_ -> told.incrementAndGet());
            promise.removeOnDone(unwanted);
        }

        @Arbiter
        public void arbiter(II_Result result) {
            result.r1 = told.get();
            result.r2 = unwanted.times.get();
        }
    }
}
