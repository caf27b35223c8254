/**
 * {@code simul compare}: one piece of work, run every way, measured.
 *
 * <p>A {@link dev.simul.cli.compare.Work} says what is done for one unit, a {@link dev.simul.cli.compare.Way} how all
 * units are run; {@link dev.simul.cli.compare.Comparison} brings them together and measures, and a {@link
 * dev.simul.cli.compare.Report} shows what came out.
 */
@NullMarked
package dev.simul.cli.compare;

import org.jspecify.annotations.NullMarked;
