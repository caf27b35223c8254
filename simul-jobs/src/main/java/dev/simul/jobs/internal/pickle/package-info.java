/** Plain values in Python's pickle, read without constructing what the bytes ask for. */
@NullMarked
package dev.simul.jobs.internal.pickle;

import org.jspecify.annotations.NullMarked;
