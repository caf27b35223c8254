package dev.simul;

/**
 * Thrown out of the {@code yield} at which a generator or coroutine is closed, so that its {@code finally} blocks run.
 *
 * <p>An {@link Error}, so that {@code catch (Exception e)} in the body does not swallow it. A body may catch it to clean up or,
 * in a {@link Coroutine}, to return a result; it must not yield again.
 *
 * @see <a href="https://peps.python.org/pep-0342/">PEP 342, whose exception of this name it is</a>
 */
public final class GeneratorExit extends Error {

    private static final long serialVersionUID = 1;

    /** Without a stack trace: it says where the body waited, which the body's own line numbers say better. */
    GeneratorExit() {
        super("closed", null, true, false);
    }
}
