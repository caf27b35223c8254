package dev.simul;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A generator as a publisher for one subscriber: its body runs as far as the subscriber asks. */
final class GeneratorPublisher<T> implements Flow.Publisher<T> {

    private final Generator<T> source;

    /** In which the body runs; null if in a thread. */
    final @Nullable EventLoop loop;

    private final AtomicBoolean subscribed = new AtomicBoolean();

    GeneratorPublisher(Generator<T> source, @Nullable EventLoop loop) {
        this.source = source;
        this.loop = loop;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super T> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (subscribed.compareAndSet(false, true)) {
            new Outflow<T>(source, loop, subscriber).begin();
        } else {
            subscriber.onSubscribe(new NothingComes());
            subscriber.onError(new IllegalStateException(
                    "a generator runs once, so its publisher takes one subscriber: make another of a new generator"));
        }
    }

    private static final class NothingComes implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
