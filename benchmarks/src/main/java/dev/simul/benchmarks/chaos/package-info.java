/** Jobs in a storm of faults, counted. */
@NullMarked
package dev.simul.benchmarks.chaos;

import org.jspecify.annotations.NullMarked;
