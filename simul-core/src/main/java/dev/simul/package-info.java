/**
 * One {@link dev.simul.Task} for work that runs by turns, on an event loop, in threads, in processes or on another
 * machine, and the first three of those places.
 */
@NullMarked
package dev.simul;

import org.jspecify.annotations.NullMarked;
