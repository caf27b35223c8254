/** What {@code simul ps} has made in the process it looks at. */
@NullMarked
package dev.simul.internal.tasks;

import org.jspecify.annotations.NullMarked;
