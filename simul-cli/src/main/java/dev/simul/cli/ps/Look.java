package dev.simul.cli.ps;

/**
 * What a JVM says of its live tasks.
 *
 * @param table one line for each task
 * @param tree the tasks below those that own them or wait for them
 * @param json everything, for programs
 * @param deadlocks how many rings of tasks there are that wait for each other
 */
record Look(String table, String tree, String json, int deadlocks) {}
