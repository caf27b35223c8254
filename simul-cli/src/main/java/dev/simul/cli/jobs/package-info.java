/** {@code simul worker} and {@code simul enqueue}: both ends of a Redis queue shared with Python's RQ. */
@NullMarked
package dev.simul.cli.jobs;

import org.jspecify.annotations.NullMarked;
