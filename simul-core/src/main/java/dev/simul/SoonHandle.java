package dev.simul;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A callback in the ready queue. Loop thread only. */
final class SoonHandle implements Handle, Step {

    private final EventLoop loop;
    private final @Nullable Bindings context = Context.snapshot();

    /** Null when it was cancelled: what it refers to may be large. */
    private @Nullable Runnable callback;

    SoonHandle(EventLoop loop, Runnable callback) {
        this.loop = loop;
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    @Override
    public void step() {
        if (callback != null) {
            loop.call(callback, context, this);
        }
    }

    @Override
    public void cancel() {
        callback = null;
    }

    @Override
    public boolean isCancelled() {
        return callback == null;
    }

    @Override
    public String toString() {
        return "Handle[" + (callback == null ? "cancelled" : callback) + "]";
    }
}
