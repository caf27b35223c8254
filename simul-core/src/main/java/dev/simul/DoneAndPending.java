package dev.simul;

import java.util.Set;

/**
 * What {@link Async#awaitUntil} found when the coroutine went on. Both sets are unmodifiable and in the order in which the
 * tasks were given.
 *
 * @param done the tasks that had ended
 * @param pending the others; they go on
 * @param <K> the kind of tasks
 */
public record DoneAndPending<K extends Task<?>>(Set<K> done, Set<K> pending) {}
