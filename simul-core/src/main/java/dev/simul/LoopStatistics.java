package dev.simul;

/**
 * What a loop has done and what it has to do.
 *
 * @param switches how often a coroutine was resumed, since the loop was opened
 * @param spawned how many tasks there have been
 * @param tasks how many of them have not ended
 * @param timers how many sleeps and time-outs are pending
 */
public record LoopStatistics(long switches, long spawned, int tasks, int timers) {}
