package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flow.Publisher as a generator, and a generator as a Flow.Publisher. */
class FlowTest {

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final VirtualTime time = new VirtualTime();

    private Generator<Integer> logged(int to) {
        return Generator.of(out -> {
            try {
                for (int i = 1; i <= to; i++) {
                    log.add("computed " + i);
                    out.yield(i);
                }
            } finally {
                log.add("finally");
            }
        });
    }

    // ---- from a publisher

    @Test
    void aGeneratorYieldsWhatAPublisherSendsInACoroutine() throws Exception {
        Async.run(() -> {
            try (var publisher = new SubmissionPublisher<Integer>(ForkJoinPool.commonPool(), 1024)) {
                var values = Generator.from(publisher, 4);
                var reader = spawn(() -> values.stream().toList());
                while (!publisher.hasSubscribers()) {
                    pass();
                }
                for (int i = 0; i < 1000; i++) {
                    publisher.submit(i);
                }
                publisher.close();
                assertThat(reader.await()).hasSize(1000).startsWith(0, 1, 2).endsWith(998, 999);
            }
        });
    }

    @Test
    void aGeneratorYieldsWhatAPublisherSendsInAThread() throws Exception {
        try (var publisher = new SubmissionPublisher<Integer>()) {
            var sum = new CompletableFuture<Integer>();
            Thread.ofPlatform().start(() -> {
                int total = 0;
                for (int value : Generator.from(publisher)) {
                    total += value;
                }
                sum.complete(total);
            });
            while (!publisher.hasSubscribers()) {
                Thread.onSpinWait();
            }
            for (int i = 1; i <= 100; i++) {
                publisher.submit(i);
            }
            publisher.close();
            assertThat(sum.get()).isEqualTo(5050);
        }
    }

    @Test
    void itAsksForNoMoreThanTheLimit() {
        var publisher = new PublisherByHand();
        var values = Generator.from(publisher, 4);
        publisher.sendWhenAsked(100);

        assertThat(publisher.requested).isZero();
        assertThat(values.next()).isEqualTo(0);
        assertThat(publisher.sent - 1).isLessThanOrEqualTo(4);
        for (int i = 1; i < 20; i++) {
            assertThat(values.next()).isEqualTo(i);
            assertThat(publisher.sent - (i + 1)).isLessThanOrEqualTo(4);
        }
        values.close();
        assertThat(publisher.cancelled).isTrue();
    }

    @Test
    void theFailureOfAPublisherComesAfterItsValues() {
        var publisher = new PublisherByHand();
        var values = Generator.from(publisher, 4);
        publisher.sendWhenAsked(2);
        publisher.failure = new IOException("lost");

        assertThat(values.next()).isEqualTo(0);
        assertThat(values.next()).isEqualTo(1);
        assertThatThrownBy(values::next).rootCause().hasMessage("lost");
        assertThatThrownBy(values::next).isInstanceOf(NoSuchElementException.class);
        assertThat(publisher.cancelled).isFalse();
    }

    @Test
    void aPublisherThatHasNothingEndsTheGenerator() {
        var publisher = new PublisherByHand();
        publisher.sendWhenAsked(0);
        assertThat(Generator.from(publisher).iterator().hasNext()).isFalse();
    }

    @Test
    void aCancelledReaderCancelsTheSubscription() throws Exception {
        var publisher = new PublisherByHand();
        Async.run(() -> {
            var reader = spawn(() -> Generator.from(publisher).next());
            pass();
            reader.cancel();
            assertThatThrownBy(reader::await).isInstanceOf(CancelledError.class);
        });
        assertThat(publisher.cancelled).isTrue();
    }

    @Test
    void aSecondSubscriptionIsCancelledAndTheFirstGoesOn() {
        var inflow = new Inflow<Integer>(4, false);
        var first = new PublisherByHand();
        var second = new PublisherByHand();
        first.subscribe(inflow);
        second.subscribe(inflow);

        assertThat(first.cancelled).isFalse();
        assertThat(second.cancelled).isTrue();
    }

    /** Sends from inside request(n). */
    private static final class PublisherByHand implements Flow.Publisher<Integer>, Flow.Subscription {
        private Flow.@Nullable Subscriber<? super Integer> subscriber;
        private int limit = -1;
        private @Nullable Throwable failure;
        private int sent;
        private long requested;
        private volatile boolean cancelled;

        void sendWhenAsked(int limit) {
            this.limit = limit;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Integer> subscriber) {
            this.subscriber = subscriber;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            requested += n;
            var to = subscriber;
            if (limit < 0 || to == null) {
                return;
            }
            while (sent < limit && sent < requested && !cancelled) {
                to.onNext(sent++);
            }
            if (sent == limit) {
                if (failure != null) {
                    to.onError(failure);
                } else {
                    to.onComplete();
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    // ---- to a publisher

    @Test
    void theBodyRunsAsFarAsTheSubscriberHasAsked() throws Exception {
        time.run(() -> {
            var subscriber = new Collecting();
            logged(5).toPublisher().subscribe(subscriber);
            sleepMillis(1);
            assertThat(log).isEmpty();

            subscriber.request(2);
            sleepMillis(1);
            assertThat(log).containsExactly("computed 1", "computed 2");

            subscriber.request(Long.MAX_VALUE);
            sleepMillis(1);
            assertThat(subscriber.signals).containsExactly("1", "2", "3", "4", "5", "complete");
        });
    }

    @Test
    void aBodyOfALoopMayWaitInIt() throws Exception {
        time.run(() -> {
            var subscriber = new Collecting();
            Generator.<Integer>of(out -> {
                        sleepMillis(10);
                        out.yield(1);
                        sleepMillis(10);
                    })
                    .toPublisher()
                    .subscribe(subscriber);
            subscriber.request(9);
            sleepMillis(100);
            assertThat(subscriber.signals).containsExactly("1", "complete");
        });
    }

    @Test
    void cancellingRunsTheFinallyBlocksOfTheBody() throws Exception {
        time.run(() -> {
            var subscriber = new Collecting();
            Generator.<Integer>of(out -> {
                        try {
                            out.yield(1);
                            sleep(Duration.ofDays(1));
                        } finally {
                            sleepMillis(5);
                            log.add("finally");
                        }
                    })
                    .toPublisher()
                    .subscribe(subscriber);
            subscriber.request(9);
            sleepMillis(1);
            subscriber.cancel();
            subscriber.cancel();
            sleepMillis(10);

            assertThat(log).containsExactly("finally");
            assertThat(subscriber.signals).containsExactly("1");
        });
    }

    @Test
    void whatTheBodyThrowsIsTheSubscribersError() throws Exception {
        time.run(() -> {
            var subscriber = new Collecting();
            Generator.<Integer>of(out -> {
                        out.yield(1);
                        throw new IllegalArgumentException("second");
                    })
                    .toPublisher()
                    .subscribe(subscriber);
            subscriber.request(9);
            sleepMillis(1);
            assertThat(subscriber.signals).containsExactly("1", "java.lang.IllegalArgumentException: second");
        });
    }

    @Test
    void aRequestOfNothingIsAnError() throws Exception {
        time.run(() -> {
            var subscriber = new Collecting();
            logged(5).toPublisher().subscribe(subscriber);
            subscriber.request(0);
            sleepMillis(1);
            assertThat(subscriber.signals).hasSize(1).first().asString().contains("must be positive, was 0");
        });
    }

    @Test
    void aSecondSubscriberIsToldThatAGeneratorRunsOnce() throws Exception {
        time.run(() -> {
            var publisher = logged(5).toPublisher();
            publisher.subscribe(new Collecting());
            var second = new Collecting();
            publisher.subscribe(second);
            assertThat(second.signals).hasSize(1).first().asString().contains("a generator runs once");
        });
    }

    @Test
    void nullCannotBeSentAndIsNoSubscriber() throws Exception {
        time.run(() -> {
            var subscriber = new Collecting();
            Generator.<@Nullable Integer>of(out -> out.yield(null))
                    .toPublisher()
                    .subscribe(subscriber);
            subscriber.request(1);
            sleepMillis(1);
            assertThat(subscriber.signals).hasSize(1).first().asString().contains("a publisher cannot send null");
        });
    }

    @Test
    void aSubscriberThatFailsGetsNoMoreAndTheBodyIsClosed() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                var subscriber = new Collecting() {
                    @Override
                    public void onNext(Integer value) {
                        super.onNext(value);
                        throw new IllegalStateException("in onNext");
                    }
                };
                logged(5).toPublisher().subscribe(subscriber);
                subscriber.request(9);
                sleepMillis(1);
                assertThat(subscriber.signals).containsExactly("1");
            });
            assertThat(log).endsWith("finally");
            assertThat(logged.messages()).hasSize(1).first().asString().contains("a subscriber failed in onNext");
        }
    }

    @Test
    void theEndOfTheLoopIsTheSubscribersError() throws Exception {
        var subscriber = new Collecting();
        time.run(() -> logged(5).toPublisher().subscribe(subscriber));
        assertThat(subscriber.signals).hasSize(1).first().asString().contains(CancellationException.class.getName());
    }

    @Test
    void outsideOfALoopTheBodyRunsInAThreadOfItsOwn() throws Exception {
        var subscriber = new Collecting();
        logged(3).toPublisher().subscribe(subscriber);
        subscriber.request(9);
        subscriber.ended.get();
        assertThat(subscriber.signals).containsExactly("1", "2", "3", "complete");
    }

    @Test
    void thereAndBackInOneLoopKeepsTheValuesAndTheClockRunning() throws Exception {
        time.run(() -> {
            var slow = Generator.<Integer>of(out -> {
                for (int i = 0; i < 20; i++) {
                    sleepMillis(10);
                    out.yield(i);
                }
            });
            assertThat(Generator.from(slow.toPublisher(), 3).stream().toList())
                    .hasSize(20)
                    .startsWith(0, 1);
        });
        assertThat(time.elapsedMillis()).isEqualTo(200);
    }

    @Test
    void limitsAndSubscribersAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Generator.from(logged(1).toPublisher(), 0))
                .withMessageContaining("must be at least 1, was 0");
        assertThatNullPointerException()
                .isThrownBy(() -> logged(1).toPublisher().subscribe(null));
    }

    private static class Collecting implements Flow.Subscriber<Integer> {
        final List<String> signals = Collections.synchronizedList(new ArrayList<>());
        final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private volatile Flow.@Nullable Subscription subscription;

        void request(long n) {
            var from = subscription;
            if (from != null) {
                from.request(n);
            }
        }

        void cancel() {
            var from = subscription;
            if (from != null) {
                from.cancel();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Integer value) {
            signals.add("" + value);
        }

        @Override
        public void onError(Throwable error) {
            signals.add("" + error);
            ended.complete(null);
        }

        @Override
        public void onComplete() {
            signals.add("complete");
            ended.complete(null);
        }
    }
}
