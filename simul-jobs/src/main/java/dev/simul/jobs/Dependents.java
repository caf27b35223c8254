package dev.simul.jobs;

/** What becomes of the jobs that wait for a job which is cancelled or deleted. */
public enum Dependents {
    /** They go on waiting, for that job's sake for ever: what RQ does unless told otherwise. */
    KEEP,
    /** They are queued, unless they wait for yet another job: RQ's {@code enqueue_dependents}. */
    ENQUEUE,
    /** They are cancelled too, and so are those that wait for them. */
    CANCEL,
    /** They are deleted, and so are those that wait for them: RQ's {@code delete_dependents}. */
    DELETE
}
