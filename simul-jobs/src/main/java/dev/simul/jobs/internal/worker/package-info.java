/** The parts of a worker, one role each. */
@NullMarked
package dev.simul.jobs.internal.worker;

import org.jspecify.annotations.NullMarked;
