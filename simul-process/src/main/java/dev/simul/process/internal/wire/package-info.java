/** What the pool and its children say to each other, and how it is written. */
@NullMarked
package dev.simul.process.internal.wire;

import org.jspecify.annotations.NullMarked;
