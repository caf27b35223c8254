/** Tests of coroutines for JUnit: {@link dev.simul.test.AsyncTest}. */
@NullMarked
package dev.simul.test;

import org.jspecify.annotations.NullMarked;
