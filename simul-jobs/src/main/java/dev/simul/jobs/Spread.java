package dev.simul.jobs;

/** By what the jobs of a deployment on several servers find theirs. */
public enum Spread {
    /** All jobs of a queue stand on one server: everything works as on one Redis, and each queue has its order. */
    BY_QUEUE,
    /** The jobs of each queue stand on all servers, by their ids: for one queue that is more than a server can carry. */
    BY_JOB
}
