package dev.simul.jobs;

/**
 * What a worker has done.
 *
 * @param finished jobs that returned
 * @param failed jobs that raised, timed out or could not be run, each attempt counted
 */
public record WorkerTally(long finished, long failed) {}
