/**
 * What coroutines of one loop agree by: locks, events, queues, channels.
 *
 * <p>Who waits here is served in the order of asking. A cancelled waiter leaves without a trace: if it had been chosen
 * already, its turn goes to the next, and no item is lost. What need not wait does not let others run. All of it belongs to
 * one loop and is for its coroutines and callbacks; threads use {@code java.util.concurrent}.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html">asyncio's synchronisation primitives, whose rules these
 *     are where nothing else is said</a>
 */
@NullMarked
package dev.simul.sync;

import org.jspecify.annotations.NullMarked;
