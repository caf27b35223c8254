package dev.simul.jobs.internal.worker;

/** At which end of a job a callback is called. */
public enum CallbackKind {
    /** The function returned. */
    SUCCESS("success", "CurrentJob, JobClient, and one more for the result"),
    /** The function threw, or could not be called. */
    FAILURE("failure", "CurrentJob, JobClient, Throwable, and String for the traceback"),
    /** Somebody has stopped the job. */
    STOPPED("stopped", "CurrentJob and JobClient");

    private final String word;
    private final String offered;

    CallbackKind(String word, String offered) {
        this.word = word;
        this.offered = offered;
    }

    /** What a callback may ask for, in words. */
    public String offered() {
        return offered;
    }

    /** The field of the job's hash that holds the callback's name. */
    String nameField() {
        return word + "_callback_name";
    }

    /** The field that holds how many seconds the callback may take. */
    String timeoutField() {
        return word + "_callback_timeout";
    }

    @Override
    public String toString() {
        return word + " callback";
    }
}
