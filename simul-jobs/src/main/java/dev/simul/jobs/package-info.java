/**
 * Jobs on a Redis queue, in the layout of Python's RQ.
 *
 * <p>{@link dev.simul.jobs.JobClient} is where a program that asks for work begins.
 */
@NullMarked
package dev.simul.jobs;

import org.jspecify.annotations.NullMarked;
