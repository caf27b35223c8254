package dev.simul.jobs;

/** What becomes of a job whose worker has died while it ran. */
public enum RescuePolicy {
    /**
     * It goes back to the front of its queue. A job that was put back more often than {@link Worker.Builder#maxRescues}
     * allows fails, because it may be what kills its workers.
     */
    REQUEUE,
    /** As in RQ: it is tried again if it has retries left, else it fails. */
    FAIL
}
