package dev.simul.sync;

import dev.simul.Async;
import dev.simul.Task;
import org.jspecify.annotations.Nullable;

/**
 * A guard that refuses the second of two coroutines which use at the same time what only one may use.
 *
 * <p>It is for what must not happen, where a {@link Lock} would hide it: two coroutines that read from one stream.
 *
 * <p>Thread: the loop's.
 *
 * @see <a href="https://anyio.readthedocs.io/en/stable/synchronization.html#resource-guards">AnyIO's ResourceGuard</a>
 */
public final class ResourceGuard {

    private final Home home = new Home();
    private final String action;
    private final Hold leave = this::leave;
    private boolean entered;
    private @Nullable Task<?> user;

    /** A guard of something that is being used. */
    public ResourceGuard() {
        this("using");
    }

    /**
     * A guard.
     *
     * @param action for error texts: what is being done, as "reading from"
     */
    public ResourceGuard(String action) {
        this.action = action;
    }

    /**
     * Enters for try-with-resources, whose end leaves.
     *
     * @throws IllegalStateException if another coroutine is in it
     */
    public Hold enter() {
        home.check(this);
        if (entered) {
            throw new IllegalStateException((user == null ? "somebody" : user.name()) + " is already " + action
                    + " this: use it from one coroutine at a time, or put a Lock around it");
        }
        entered = true;
        user = Async.currentTask();
        return leave;
    }

    private void leave() {
        entered = false;
        user = null;
    }

    /** Whether a coroutine is in it. */
    public boolean isEntered() {
        return entered;
    }

    @Override
    public String toString() {
        return "ResourceGuard[" + (user != null ? user.name() + " " + action : entered ? action : "free") + "]";
    }
}
