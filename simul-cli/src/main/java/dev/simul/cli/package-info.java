/** The {@code simul} command: options, output, exit codes. */
@NullMarked
package dev.simul.cli;

import org.jspecify.annotations.NullMarked;
