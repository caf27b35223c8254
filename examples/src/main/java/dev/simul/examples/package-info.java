/** One small program for each way to run work; {@code examples/run NAME} starts one. */
@NullMarked
package dev.simul.examples;

import org.jspecify.annotations.NullMarked;
