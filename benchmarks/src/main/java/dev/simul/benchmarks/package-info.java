/** Simul measured beside its peers: the rows of docs/benchmarks.md. */
@NullMarked
package dev.simul.benchmarks;

import org.jspecify.annotations.NullMarked;
