/** Signatures and encryption of what a job carries. */
@NullMarked
package dev.simul.jobs.internal.seal;

import org.jspecify.annotations.NullMarked;
