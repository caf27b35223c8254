package dev.simul.jobs;

import dev.simul.Task;

/** Where a job stands, in RQ's words. */
public enum JobStatus {
    /** Saved, but not put on a queue. */
    CREATED(Task.State.WAITING),
    /** On its queue's list. */
    QUEUED(Task.State.WAITING),
    /** A worker has it. */
    STARTED(Task.State.RUNNING),
    /** Waits for jobs it depends on. */
    DEFERRED(Task.State.WAITING),
    /** Waits for its time. */
    SCHEDULED(Task.State.WAITING),
    /** Returned. */
    FINISHED(Task.State.DONE),
    /** Raised, timed out or was given up. */
    FAILED(Task.State.FAILED),
    /** Stopped by a command while it ran. */
    STOPPED(Task.State.FAILED),
    /** Taken back before it ran. */
    CANCELED(Task.State.CANCELLED),
    /** Waits for a slot of its {@link RateLimit}; since RQ 3.0. */
    RATE_LIMITED(Task.State.WAITING),
    /** Waits for nobody any more, and is on its way to the queue; since RQ 3.0, whose workers do that in two steps. */
    READY_TO_ENQUEUE(Task.State.WAITING),
    /** In a state of a newer RQ, from which it will come back to the queue. */
    OTHER(Task.State.WAITING),
    /** There is no such job: it was discarded with its result, has expired, or was deleted. */
    GONE(Task.State.DONE);

    private final Task.State state;

    JobStatus(Task.State state) {
        this.state = state;
    }

    Task.State state() {
        return state;
    }

    /** What the field {@code status} of a job's hash says; an empty one means {@link #CREATED}, as in RQ. */
    static JobStatus of(String field) {
        return switch (field) {
            case "", "created" -> CREATED;
            case "queued" -> QUEUED;
            case "started" -> STARTED;
            case "deferred" -> DEFERRED;
            case "scheduled" -> SCHEDULED;
            case "finished" -> FINISHED;
            case "failed" -> FAILED;
            case "stopped" -> STOPPED;
            case "canceled" -> CANCELED;
            case "rate_limited" -> RATE_LIMITED;
            case "ready_to_enqueue" -> READY_TO_ENQUEUE;
            case "gone" -> GONE; // only our scripts say so
            default -> OTHER;
        };
    }
}
