package dev.simul.jobs.internal.worker;

/** A job cannot even be begun; its message is the text that goes to the registry of failed jobs. */
final class UnrunnableJobException extends Exception {
    UnrunnableJobException(String message) {
        super(message);
    }
}
