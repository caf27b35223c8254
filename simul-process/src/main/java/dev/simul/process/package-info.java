/** Work in child JVMs: {@link dev.simul.process.ProcessPool} and what it answers with. */
@NullMarked
package dev.simul.process;

import org.jspecify.annotations.NullMarked;
