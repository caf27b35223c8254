/** When cron says that it is time. */
@NullMarked
package dev.simul.jobs.internal.cron;

import org.jspecify.annotations.NullMarked;
