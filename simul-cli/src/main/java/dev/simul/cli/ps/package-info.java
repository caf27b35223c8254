/** {@code simul ps} and {@code simul pstree}: the live tasks of another JVM. */
@NullMarked
package dev.simul.cli.ps;

import org.jspecify.annotations.NullMarked;
