package dev.simul.jobs.internal.worker;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One run of a job, for the flight recorder: {@code jfr print --events dev.simul.Job}. */
@Name("dev.simul.Job")
@Label("Job")
@Category("Simul")
@Description("One run of a job's function, from its first line to its last")
@StackTrace(false)
final class JobEvent extends Event {
    @Label("Job Id")
    @Nullable
    String id;

    @Label("Execution Id")
    @Nullable
    String execution;

    @Label("Queue")
    @Nullable
    String queue;

    @Label("Function")
    @Nullable
    String function;

    @Label("Failed")
    boolean failed;
}
