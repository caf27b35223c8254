package dev.simul.jobs;

/** What happens to a job that may not be enqueued because there is another one like it. */
public enum OnDuplicate {
    /** The new job is refused with {@link DuplicateJobException}. */
    REJECT,
    /** Nothing is written; the enqueuer gets the job that is there. */
    RETURN_EXISTING,
    /** The job that is there is taken back if it has not begun; then the new one is enqueued in any case. */
    REPLACE
}
