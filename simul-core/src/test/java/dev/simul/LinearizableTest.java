package dev.simul;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What several threads do to one object at the same time has the result of doing it in some order, one after the other. */
@Tag("lincheck") // instruments its JVM, so it has one of its own: see the pom
class LinearizableTest {

    /** Lincheck's two ways: its own interleavings of bytecodes, and real threads. */
    enum Checker {
        MODEL {
            @Override
            Options<?, ?> options() {
                return new ModelCheckingOptions();
            }
        },
        STRESS {
            @Override
            Options<?, ?> options() {
                return new StressOptions();
            }
        };

        abstract Options<?, ?> options();

        /** No operations before the threads meet: the first one would end the promise. */
        void check(Class<?> operations) {
            options()
                    .iterations(8)
                    .threads(2)
                    .actorsBefore(0)
                    .actorsPerThread(3)
                    .actorsAfter(2)
                    .invocationsPerIteration(200)
                    .check(operations);
        }
    }

    @ParameterizedTest
    @EnumSource
    void promiseEndsOnceAndCallsEverybodyBackOnce(Checker checker) {
        checker.check(PromiseOperations.class);
    }

    @ParameterizedTest
    @EnumSource
    void inboxKeepsEachStepAndTheOrderOfEachSender(Checker checker) {
        checker.check(InboxOperations.class);
    }

    @Param(name = "number", gen = IntGen.class, conf = "1:3")
    public static class PromiseOperations {
        private final Promise<Integer> promise = new Promise<>("contested");
        private final AtomicInteger registered = new AtomicInteger();
        private final AtomicInteger called = new AtomicInteger();

        @Operation
        public boolean complete(@Param(name = "number") int number) {
            return promise.complete(number);
        }

        @Operation
        public boolean cancel() {
            return promise.cancel("no");
        }

        @Operation
        public Task.State state() {
            return promise.state();
        }

        @Operation
        public @Nullable Integer result() {
            return promise.outcome() instanceof Outcome.Returned<Integer>(Integer value) ? value : null;
        }

        @Operation
        public void onDone() {
            registered.incrementAndGet();
            promise.onDone(_ -> called.incrementAndGet());
        }

        @Validate
        public void everyCallbackWasCalledOnce() {
            int expected = promise.isDone() ? registered.get() : 0;
            if (called.get() != expected) {
                throw new AssertionError(called + " of " + expected + " callbacks were called");
            }
        }
    }

    @Param(name = "number", gen = IntGen.class, conf = "1:3")
    public static class InboxOperations {
        private final Inbox inbox = new Inbox();
        private int last;

        @Operation
        public void offer(@Param(name = "number") int number) {
            inbox.offer(() -> last = number);
        }

        @Operation(nonParallelGroup = "loop")
        public int runNext() {
            var step = inbox.poll();
            if (step == null) {
                return 0;
            }
            step.step();
            return last;
        }

        @Operation(nonParallelGroup = "loop")
        public boolean isEmpty() {
            return inbox.isEmpty();
        }
    }
}
