/**
 * HTTP for coroutines, threads and generators alike.
 *
 * <p>{@link dev.simul.http.HttpSession} keeps connections and limits; {@link dev.simul.http.HttpResponse} is one answer,
 * read to its end. The protocol itself is the work of the JDK's {@link java.net.http.HttpClient}.
 */
@NullMarked
package dev.simul.http;

import org.jspecify.annotations.NullMarked;
