package dev.simul.cli.compare;

import java.util.OptionalLong;

/**
 * What the processes of a comparison use at one moment.
 *
 * @param cpuNanos processor time so far, of those that have ended and were waited for, too
 * @param memoryBytes resident memory now; empty where the system does not say
 * @param childThreads threads of the child processes now; 0 where the system does not say
 * @param processes how many there are now, this JVM included
 */
record Usage(long cpuNanos, OptionalLong memoryBytes, int childThreads, int processes) {}
