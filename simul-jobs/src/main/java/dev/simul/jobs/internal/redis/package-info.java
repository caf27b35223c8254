/** RQ's layout in Redis: keys, scripts, encodings. */
@NullMarked
package dev.simul.jobs.internal.redis;

import org.jspecify.annotations.NullMarked;
