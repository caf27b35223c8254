package dev.simul.jobs.internal.worker;

/** A job cannot even be begun; its message is the text that goes to the registry of failed jobs. */
final class UnrunnableJobException extends Exception {
    private final boolean perhapsElsewhere;

    /** One that no worker of ours could begin. */
    UnrunnableJobException(String message) {
        this(message, false);
    }

    /**
     * One that this worker cannot begin.
     *
     * @param perhapsElsewhere whether another worker could, which is worth the job's retries
     */
    UnrunnableJobException(String message, boolean perhapsElsewhere) {
        super(message);
        this.perhapsElsewhere = perhapsElsewhere;
    }

    boolean perhapsElsewhere() {
        return perhapsElsewhere;
    }
}
