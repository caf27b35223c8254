package dev.simul.test;

/** Thrown where a test under a schedule takes more steps than it is allowed to. */
public final class EndlessTestException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    EndlessTestException(int maxSteps) {
        super("not done after " + maxSteps
                + " steps: coroutines that wait by asking again and again, or maxSteps is too" + " low for this test");
    }
}
