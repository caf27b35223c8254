package dev.simul;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands each value straight to a consumer, on the stack of the body.
 *
 * <p>To the body a consumer that fails looks as it does from a strand: it sees itself closed, not the consumer's exception,
 * which goes to the caller of {@code forEach}.
 */
final class InlineOut<T extends @Nullable Object> extends Out<T> {
    private final Consumer<? super T> consumer;
    private final Thread thread = Thread.currentThread();
    private boolean over;
    private @Nullable Throwable failureOfConsumer;
    private @Nullable GeneratorExit exit;

    InlineOut(Consumer<? super T> consumer) {
        this.consumer = consumer;
    }

    void run(Generator.Body<T> body) throws Exception {
        try {
            body.run(this);
        } catch (GeneratorExit e) {
            if (e != exit) {
                throw e;
            }
        } finally {
            over = true;
        }
        switch (failureOfConsumer) {
            case null -> {}
            case Error e -> throw e;
            default -> throw (RuntimeException) failureOfConsumer;
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // threads
    public void yield(T value) {
        if (over || Thread.currentThread() != thread) {
            throw new IllegalStateException("yield belongs to the body of its generator:"
                    + " call it in the thread that runs the body, before the body ends");
        }
        try {
            consumer.accept(value);
        } catch (RuntimeException | Error e) {
            over = true;
            failureOfConsumer = e;
            exit = new GeneratorExit();
            throw exit;
        }
    }

    @Override
    void checkNotClosed() {
        if (exit != null) {
            throw exit;
        }
    }
}
