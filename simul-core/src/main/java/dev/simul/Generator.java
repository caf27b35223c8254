package dev.simul;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A sequence written as a method body: it runs only when somebody asks for the next value, and waits in its {@code yield}
 * in between.
 *
 * {@snippet :
 * Generator<Long> fibonacci = Generator.of(out -> {
 *     for (long a = 0, b = 1; ; ) { out.yield(a); b += a; a = b - a; }
 * });
 * }
 *
 * <p>It runs once, as in Python: {@link #iterator()}, {@link #stream()} and {@link #next()} all go on where the last one
 * stopped. To have the sequence again, call the method that made it again.
 *
 * <p>A generator that waits holds what its body holds. One that was not read to its end wants {@link #close()}, which runs
 * the body's {@code finally} blocks; {@code break} does not close, so put it into try-with-resources. One that is dropped
 * is closed after the garbage collector has found it, unless its body refers to it.
 *
 * <p>Where the body runs: in a virtual thread of its own, with its own stack, monitors and ThreadLocals, about 200 ns per
 * value. {@link #forEach} and stream operations that want every value run a body which has not begun on the caller's own
 * stack instead, a few ns per value. A body should therefore not care which thread it is in.
 *
 * <p>Thread: any, one at a time: a platform thread, a virtual thread, a coroutine of a loop, in turn. A body that is
 * driven by a coroutine may wait in its loop, as the coroutine may; blocked in the JDK, it holds up this coroutine only.
 * Interrupting the driver interrupts a blocked body.
 *
 * <p>What the body throws arrives at the driver, with a stack trace that goes on from the body to the driver; a checked
 * exception comes wrapped ({@link java.io.UncheckedIOException}, {@link TaskFailedException}).
 *
 * @param <T> what it yields
 * @see <a href="https://peps.python.org/pep-0342/">PEP 342</a> and <a href="https://peps.python.org/pep-0380/">PEP 380</a>,
 *     whose rules these are; to send values in, see {@link Coroutine}
 */
public final class Generator<T extends @Nullable Object> implements Iterable<T>, AutoCloseable {

    /** What a generator does. */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object> {
        /**
         * Yields the values.
         *
         * @throws Exception whatever ends the sequence early
         */
        void run(Out<T> out) throws Exception;
    }

    private final Body<T> body;
    private final Turns<@Nullable Void, T> turns;

    /** Whether {@code hasNext} has fetched a value that nobody took yet. Driver only. */
    private boolean fetched;

    private Generator(Body<T> body) {
        this.body = body;
        this.turns = new Steps<>(body);
    }

    /** A generator that has not begun; the first request enters the body. */
    public static <T extends @Nullable Object> Generator<T> of(Body<T> body) {
        return new Generator<>(body);
    }

    /**
     * The next value.
     *
     * @throws NoSuchElementException if there is none, now and whenever asked again
     * @throws IllegalStateException if the generator is already running: in another thread, or because its body asks
     */
    public T next() {
        if (!fetch()) {
            throw new NoSuchElementException("the generator has ended");
        }
        fetched = false;
        return turns.given();
    }

    private boolean fetch() {
        return fetched || (fetched = turns.advance(this, null));
    }

    /**
     * Throws an exception into the body, out of the {@code yield} at which it waits, and runs it to its next one.
     *
     * @return the next value
     * @throws NoSuchElementException if the body caught the exception and ended
     * @throws RuntimeException the given one, if the body lets it pass, has ended, or has not begun and now never will
     */
    public T throwing(RuntimeException error) {
        fetched = false;
        if (!turns.advanceThrowing(this, error)) {
            throw new NoSuchElementException("the generator ended on " + error);
        }
        return turns.given();
    }

    /**
     * Ends the body at the {@code yield} where it waits, so that its {@code finally} blocks run. Nothing happens if it has
     * ended, and a body that has not begun never will.
     *
     * @throws IllegalStateException if the body yields again instead of ending, or is running
     */
    @Override
    public void close() {
        fetched = false;
        turns.close(this);
    }

    /** This generator as an iterator; all its iterators share the one place where it stands. Leaving a loop does not close. */
    @Override
    public Iterator<T> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return fetch();
            }

            @Override
            public T next() {
                return Generator.this.next();
            }
        };
    }

    /**
     * Hands every remaining value to the consumer. A body that has not begun runs on the caller's own stack. If the consumer
     * throws, the generator is closed.
     */
    @Override
    public void forEach(Consumer<? super T> consumer) {
        var inline = new InlineOut<T>(consumer);
        if (turns.runInline(this, () -> inline.run(body))) {
            return;
        }
        try {
            while (fetch()) {
                fetched = false;
                consumer.accept(turns.given());
            }
        } finally {
            close();
        }
    }

    /**
     * The remaining values, computed up to {@code limit} ahead of who reads them: from the first request on this generator's
     * body runs in a task of its own if a coroutine makes that request, else in a virtual thread.
     *
     * <p>A failure arrives in its place, after the values before it. Closing stops the body and waits for its {@code finally}
     * blocks. Time-outs, groups and cancel scopes in the body, which with a plain generator would act upon the coroutine that
     * reads it, act upon the task of the body, so that it may yield inside them.
     *
     * @param limit how many values may lie ready
     * @throws IllegalArgumentException if the limit is not positive
     * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#trio.as_safe_channel">trio.as_safe_channel</a>
     */
    public Generator<T> buffered(int limit) {
        requirePositive("buffered(limit)", limit);
        return of(out -> new RunAhead<>(this, limit).pourInto(out));
    }

    /**
     * Yields what a publisher sends. It subscribes at the first request for a value, asks for no more than {@code limit}
     * values ahead, and cancels when this generator is closed; the publisher's failure arrives in its place.
     *
     * @param limit how many values may lie ready
     * @throws IllegalArgumentException if the limit is not positive
     */
    public static <T> Generator<T> from(Flow.Publisher<? extends T> publisher, int limit) {
        requirePositive("from(publisher, limit)", limit);
        return of(out -> {
            var loop = EventLoop.current();
            var values = new Inflow<T>(limit, publisher instanceof GeneratorPublisher<?> own && own.loop == loop);
            publisher.subscribe(values);
            values.pourInto(out);
        });
    }

    /** {@link #from(Flow.Publisher, int)} with up to 16 values ahead. */
    public static <T> Generator<T> from(Flow.Publisher<? extends T> publisher) {
        return from(publisher, 16);
    }

    /**
     * The remaining values for one subscriber, by the rules of Reactive Streams: the body runs only as far as the subscriber
     * has asked, in a task of its own if this is called in a coroutine (which may end before), else in a virtual thread.
     * Cancelling the subscription closes the generator; what the body throws is the subscriber's {@code onError}. Null cannot
     * be sent.
     */
    public Flow.Publisher<T> toPublisher() {
        return new GeneratorPublisher<>(this, EventLoop.current());
    }

    private static void requirePositive(String method, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("the limit of " + method + " must be at least 1, was " + limit);
        }
    }

    /** The remaining values, one after the other; closing the stream closes the generator. */
    public Stream<T> stream() {
        return StreamSupport.stream(spliterator(), false).onClose(this::close);
    }

    @Override
    public Spliterator<T> spliterator() {
        return new Spliterator<>() {
            @Override
            public boolean tryAdvance(Consumer<? super T> consumer) {
                if (!fetch()) {
                    return false;
                }
                consumer.accept(next());
                return true;
            }

            @Override
            public void forEachRemaining(Consumer<? super T> consumer) {
                forEach(consumer);
            }

            @Override
            public @Nullable Spliterator<T> trySplit() {
                return null;
            }

            @Override
            public long estimateSize() {
                return Long.MAX_VALUE;
            }

            @Override
            public int characteristics() {
                return ORDERED;
            }
        };
    }

    /**
     * Yields the rest of this generator through another one's {@code yield}. A body that has not begun simply runs on the
     * other's stack, unless that has many such bodies already; else the driver steps it in the other's stead. So a chain of
     * delegations costs the same at any depth. Only a consumer on the other's stack, or a value that has been fetched, needs
     * each value to be handed on.
     */
    void pourInto(Out<T> out) {
        if (out.levels < Out.MAX_LEVELS && turns.runInline(this, () -> runOneLevelDeeper(out))) {
            out.checkNotClosed();
            return;
        }
        if (!fetched && out instanceof StrandOut<T> others) {
            others.handOver(turns, this);
            return;
        }
        RuntimeException error = null;
        while (error == null ? fetch() : turns.advanceThrowing(this, error)) {
            fetched = false;
            error = null;
            try {
                out.yield(turns.given());
            } catch (GeneratorExit e) {
                close();
                throw e;
            } catch (RuntimeException e) {
                error = e;
            }
        }
    }

    private void runOneLevelDeeper(Out<T> out) throws Exception {
        out.levels++;
        try {
            body.run(out);
        } finally {
            out.levels--;
        }
    }

    /** The body in a strand of its own. */
    private static final class Steps<T extends @Nullable Object> extends Turns<@Nullable Void, T> {
        private final Body<T> body;

        Steps(Body<T> body) {
            this.body = body;
        }

        @Override
        @Nullable
        T body() throws Exception {
            body.run(new StrandOut<>(this));
            return null;
        }

        @Override
        String kind() {
            return "generator";
        }
    }
}
