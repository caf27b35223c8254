/**
 * Jobs on a Redis queue, in the layout of Python's RQ.
 *
 * <p>{@link dev.simul.jobs.JobClient} is where a program that asks for work begins, {@link dev.simul.jobs.Worker} where
 * one that does it.
 */
@NullMarked
package dev.simul.jobs;

import org.jspecify.annotations.NullMarked;
