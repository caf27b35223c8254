package dev.simul.process;

import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.process.internal.wire.Failure;
import dev.simul.process.internal.wire.Frame;
import dev.simul.process.internal.wire.Values;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One task of a pool: what to send, whom to tell, and which child has it.
 *
 * <p>A child may be killed only for the call it has. {@code child} is therefore guarded by this object's lock, and the
 * keeper takes it away before it tells anybody of the outcome: a cancellation or time-out that comes too late kills
 * nobody.
 */
final class Call<R extends @Nullable Object> {
    private final Promise<R> promise;
    private final byte[] payload;
    private final ClassLoader loader;
    private @Nullable ChildJvm child;
    private boolean expired;
    private boolean putBack;

    /** A call with the payload of its frame, and the loader that knows the classes of its result. */
    Call(String name, byte[] payload, ClassLoader loader) {
        this.promise = Promise.outside(name);
        this.payload = payload;
        this.loader = loader;
        promise.onCancel(_ -> kill());
    }

    Task<R> task() {
        return promise;
    }

    byte[] payload() {
        return payload;
    }

    /** Gives it to a child; false when it was cancelled before. */
    synchronized boolean begin(ChildJvm child) {
        if (promise.isDone()) {
            return false;
        }
        promise.begin();
        this.child = child;
        return true;
    }

    /** From here on nobody kills the child for it. Returns whether its time ran out before. */
    synchronized boolean end() {
        child = null;
        return expired;
    }

    /** Its time is over. */
    synchronized void expire() {
        if (child != null) {
            expired = true;
            child.kill();
        }
    }

    private synchronized void kill() {
        if (child != null) {
            child.kill();
        }
    }

    /** Whether it may go back to the queue because its child died before it began. Once only: it may be what kills. */
    boolean mayGoBack() {
        boolean first = !putBack;
        putBack = true;
        return first && !promise.isDone();
    }

    void fail(Throwable error) {
        promise.fail(error);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the compiler checked R where the function was submitted
    void settle(Frame reply) {
        try {
            switch (reply.kind()) {
                case VALUE -> promise.complete((R) Values.read(reply.payload(), loader));
                case FAILURE -> promise.fail(Failure.decode(reply.payload(), loader));
                case HELLO, CALL -> promise.fail(new IOException("the child answered with " + reply.kind()));
            }
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError unreadable) {
            var failure = new ChildFailureException(
                    "the result of " + promise.name() + " cannot be read in this JVM: " + unreadable);
            failure.initCause(unreadable);
            promise.fail(failure);
        }
    }
}
