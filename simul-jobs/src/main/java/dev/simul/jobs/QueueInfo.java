package dev.simul.jobs;

import java.time.Instant;
import java.util.Optional;

/**
 * How many jobs of a queue stand where, as of one moment.
 *
 * <p>Entries of the registries of ended jobs whose time is over are not counted, as RQ does after its clean-up; nothing
 * is changed by looking.
 *
 * @param name the queue's name
 * @param queued jobs that wait to be run
 * @param started attempts under way, abandoned ones too until somebody rescues them
 * @param finished jobs that returned and are still kept
 * @param failed jobs that failed or were stopped and are still kept
 * @param deferred jobs that wait for other jobs
 * @param scheduled jobs that wait for their time
 * @param canceled jobs that were cancelled
 * @param ready RQ 3.0's jobs on their way from deferred to queued
 * @param intermediate ids that a Python worker has popped and not yet marked started
 * @param unreadable ids put aside because no RQ program could load them
 * @param workers workers that serve the queue
 * @param paused whether its jobs are held back, see {@link JobQueue#pause}
 * @param oldest when the next job to run was enqueued; empty if none waits
 */
public record QueueInfo(
        String name,
        long queued,
        long started,
        long finished,
        long failed,
        long deferred,
        long scheduled,
        long canceled,
        long ready,
        long intermediate,
        long unreadable,
        long workers,
        boolean paused,
        Optional<Instant> oldest) {}
