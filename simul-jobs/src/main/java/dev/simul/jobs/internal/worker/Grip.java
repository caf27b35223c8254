package dev.simul.jobs.internal.worker;

/** What others can do to a function that runs. From any thread. */
interface Grip {
    /** Asks it to end; a function in a child JVM is not asked. */
    void interrupt();

    /** Where it stands now; empty if that cannot be seen. */
    StackTraceElement[] stack();

    /** Makes room for others in its place: it has not ended when it was asked to, and may never do. */
    void abandon();
}
