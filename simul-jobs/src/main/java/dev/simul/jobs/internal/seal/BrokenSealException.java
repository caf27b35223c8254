package dev.simul.jobs.internal.seal;

/** What was to be sealed is not, or not with a key that is known; the message is a sentence for people. */
public final class BrokenSealException extends Exception {
    BrokenSealException(String message) {
        super(message);
    }
}
