package dev.simul;

/**
 * What lends a limited number of permissions to borrowers who are known, as {@code dev.simul.sync.CapacityLimiter} does.
 *
 * <p>Thread: coroutines of one loop.
 */
public interface Limiter {

    /**
     * Waits for a permission and takes it.
     *
     * @param borrower whose it is
     */
    void acquireFor(Object borrower);

    /**
     * Gives a permission back.
     *
     * @param borrower whose it was
     */
    void releaseFor(Object borrower);
}
