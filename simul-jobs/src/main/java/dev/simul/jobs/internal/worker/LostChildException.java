package dev.simul.jobs.internal.worker;

import dev.simul.process.ProcessDiedException;

/** The child JVM that ran a job has died of it; the message is the text for the registry of failed jobs. */
final class LostChildException extends Exception {
    LostChildException(ProcessDiedException death) {
        super(FailureText.died(death.exitStatus().code(), String.valueOf(death.getMessage())), death);
    }
}
