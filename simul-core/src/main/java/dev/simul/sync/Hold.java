package dev.simul.sync;

/**
 * What a coroutine has taken, to be given back at the end of a block.
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *     …
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Hold extends AutoCloseable {

    /** Gives it back. */
    @Override
    void close();
}
