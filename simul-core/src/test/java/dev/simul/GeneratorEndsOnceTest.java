package dev.simul;

import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Closing, cancelling and ending cross at random moments; the body's finally runs once, and nobody waits in vain. */
class GeneratorEndsOnceTest {

    private static final int ROUNDS = 300;

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    private Generator<Integer> numbers(int to) {
        return Generator.of(out -> {
            begun.incrementAndGet();
            try {
                for (int i = 0; i < to; i++) {
                    out.yield(i);
                }
            } finally {
                ended.incrementAndGet();
            }
        });
    }

    @Test
    void oneThatRunsAheadInAThreadEndsWithItsReader() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            readSomeAndClose(new Random(seed));
        }
        assertThat(begun).hasValue(ROUNDS);
        assertThat(ended).hasValue(ROUNDS);
    }

    @Test
    void oneThatRunsAheadInATaskEndsWithItsReader() throws Exception {
        new VirtualTime().run(() -> {
            for (int seed = 0; seed < ROUNDS; seed++) {
                readSomeAndClose(new Random(seed));
                if (seed % 3 == 0) {
                    pass();
                }
            }
        });
        assertThat(begun).hasValue(ROUNDS);
        assertThat(ended).hasValue(ROUNDS);
    }

    private void readSomeAndClose(Random random) {
        int length = 1 + random.nextInt(20);
        try (var ahead = numbers(length).buffered(1 + random.nextInt(5))) {
            int wanted = 1 + random.nextInt(length);
            for (int i = 0; i < wanted; i++) {
                assertThat(ahead.next()).isEqualTo(i);
            }
        }
    }

    @Test
    void onePublishedEndsByItselfOrByItsSubscriptionButOnce() throws Exception {
        int rounds = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            var random = new Random(seed);
            int length = 1 + random.nextInt(20);
            var subscriber = new Impatient(1 + random.nextInt(20), random.nextBoolean());
            var source = Generator.<Integer>of(out -> {
                try {
                    out.yieldFrom(numbers(length));
                } finally {
                    subscriber.bodyEnded.complete(null);
                }
            });
            source.toPublisher().subscribe(subscriber);
            subscriber.bodyEnded.get();
            rounds++;
        }
        assertThat(rounds).isEqualTo(ROUNDS);
        assertThat(ended.get()).isEqualTo(begun.get());
    }

    /** Cancels after some values, in its own onNext or from another thread. */
    private static final class Impatient implements Flow.Subscriber<Integer> {
        private final int patience;
        private final boolean elsewhere;
        private final CompletableFuture<@Nullable Void> bodyEnded = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;
        private int seen;

        Impatient(int patience, boolean elsewhere) {
            this.patience = patience;
            this.elsewhere = elsewhere;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer value) {
            assertThat(value).isEqualTo(seen++);
            var from = subscription;
            if (seen == patience && from != null) {
                if (elsewhere) {
                    Thread.ofVirtual().start(from::cancel);
                } else {
                    from.cancel();
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            bodyEnded.completeExceptionally(error);
        }

        @Override
        public void onComplete() {}
    }
}
