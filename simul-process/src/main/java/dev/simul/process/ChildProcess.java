package dev.simul.process;

import java.time.Duration;

/**
 * One living child JVM of a pool, as it was when asked for.
 *
 * @param pid its process id
 * @param startup from the start of the process until it was ready for work
 * @param tasksDone tasks it has answered, failed ones included
 * @param busy whether a task runs in it
 */
public record ChildProcess(long pid, Duration startup, long tasksDone, boolean busy) {}
