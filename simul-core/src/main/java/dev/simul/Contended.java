package dev.simul;

import java.util.List;

/**
 * What tasks hold, so that others wait for it: a lock, a token of a limiter.
 *
 * <p>Given to {@link Promise#Promise(Object)} by whoever makes such a thing, it lets the tree of tasks show who holds what
 * another waits for, and with that a ring of tasks that wait for each other.
 */
public interface Contended {

    /** The tasks that hold it at this moment, as far as they are known. Loop thread. */
    List<Task<?>> holders();
}
