/** The inside of a child JVM. */
@NullMarked
package dev.simul.process.internal.child;

import org.jspecify.annotations.NullMarked;
