package dev.simul;

/** The requests to cancel a task, made when the first one comes: most tasks never get one. Loop thread only. */
final class Cancellation {

    /** How many requests have not been taken back. */
    int requests;

    /** Whether one still has to be delivered, at the task's next return from waiting. */
    boolean due;

    /** Whether the one that is due came with an interrupt, because the task is blocked in a call of the JDK. */
    boolean interrupted;

    /** As given with the latest request; empty if there is none. */
    String reason = "";

    void withdraw() {
        due = false;
        interrupted = false;
    }
}
