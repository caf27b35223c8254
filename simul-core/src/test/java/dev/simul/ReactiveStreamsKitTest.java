package dev.simul;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.testng.SkipException;
import org.testng.annotations.Test;

/** Every test of the Technology Compatibility Kit of Reactive Streams. */
class ReactiveStreamsKitTest {

    /** How long the kit waits for what must come, and for what must not. */
    private static TestEnvironment environment() {
        return new TestEnvironment(1_500, 30);
    }

    @TestFactory
    Stream<DynamicTest> aGeneratorIsAPublisherByTheRules() {
        return testsOf(Publishers::new);
    }

    @TestFactory
    Stream<DynamicTest> aGeneratorOfAPublisherIsASubscriberByTheRules() {
        return testsOf(Subscribers::new);
    }

    private static Stream<DynamicTest> testsOf(Supplier<?> verification) {
        return Arrays.stream(verification.get().getClass().getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .sorted(Comparator.comparing(java.lang.reflect.Method::getName))
                .map(method -> dynamicTest(method.getName(), () -> {
                    var subject = verification.get();
                    switch (subject) {
                        case Publishers publishers -> publishers.setUp();
                        case Subscribers subscribers -> {
                            subscribers.startPublisherExecutorService();
                            subscribers.setUp();
                        }
                        default -> throw new AssertionError(subject);
                    }
                    try {
                        method.invoke(subject);
                        if (subject instanceof Subscribers subscribers) {
                            subscribers.shutdownPublisherExecutorService();
                        }
                    } catch (InvocationTargetException e) {
                        var failure = e.getCause();
                        Assumptions.assumeFalse(failure instanceof SkipException, () -> String.valueOf(failure));
                        throw failure == null ? e : failure;
                    }
                }));
    }

    static final class Publishers extends FlowPublisherVerification<Long> {

        Publishers() {
            super(environment(), 200);
        }

        @Override
        public Flow.Publisher<Long> createFlowPublisher(long elements) {
            return Generator.<Long>of(out -> {
                        for (long i = 0; i < elements; i++) {
                            out.yield(i);
                        }
                    })
                    .toPublisher();
        }

        @Override
        public Flow.@Nullable Publisher<Long> createFailedFlowPublisher() {
            return null; // its body would fail when it is asked, not when it is subscribed to
        }
    }

    static final class Subscribers extends FlowSubscriberBlackboxVerification<Integer> {

        Subscribers() {
            super(environment());
        }

        @Override
        public Flow.Subscriber<Integer> createFlowSubscriber() {
            var values = new Inflow<Integer>(4, false);
            Thread.ofVirtual().start(() -> {
                try {
                    Generator.<Integer>of(values::pourInto).forEach(_ -> {});
                } catch (RuntimeException failureOfThePublisher) {
                    // as the kit wants it
                }
            });
            return values;
        }

        @Override
        public Integer createElement(int element) {
            return element;
        }
    }
}
