package dev.simul.sync;

/**
 * A semaphore that refuses to have more permits than its limit: a release too many is a bug that should show.
 *
 * <p>Thread: the loop's.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html#asyncio.BoundedSemaphore">asyncio.BoundedSemaphore</a>
 */
public final class BoundedSemaphore extends Semaphore {

    private final int limit;

    /** A semaphore with one permit at most. */
    public BoundedSemaphore() {
        this(1);
    }

    /**
     * A semaphore that never has more permits than at first.
     *
     * @param permits 0 or more
     */
    public BoundedSemaphore(int permits) {
        this(permits, permits);
    }

    /**
     * A semaphore that begins with {@code permits} and never has more than {@code limit}.
     *
     * @param permits 0 or more
     * @param limit at least {@code permits}
     */
    public BoundedSemaphore(int permits, int limit) {
        super(permits);
        if (limit < permits) {
            throw new IllegalArgumentException("limit must be at least permits (" + permits + "), was " + limit);
        }
        this.limit = limit;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if all permits are free
     */
    @Override
    public void release() {
        if (permits() >= limit) {
            throw new IllegalStateException(
                    "release() of a BoundedSemaphore whose " + limit + " permits are all free: acquire() comes first");
        }
        super.release();
    }

    /** The most permits it may have. */
    public int limit() {
        return limit;
    }
}
