package dev.simul;

/** Work without a result that may throw. */
@FunctionalInterface
public interface Action {
    /**
     * Does the work.
     *
     * @throws Exception whatever the work throws
     */
    void run() throws Exception;
}
