package dev.simul.jobs.internal.worker;

/** At which end of a job a callback is called. */
enum CallbackKind {
    SUCCESS("success"),
    FAILURE("failure"),
    STOPPED("stopped");

    private final String word;

    CallbackKind(String word) {
        this.word = word;
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
