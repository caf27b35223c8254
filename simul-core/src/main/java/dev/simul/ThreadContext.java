package dev.simul;

import org.jspecify.annotations.Nullable;

/** The context of code that runs in a thread and in no coroutine. Touched by that thread, and by generators it drives. */
final class ThreadContext implements ContextHolder {

    private static final ThreadLocal<@Nullable ThreadContext> OF_THREADS = new ThreadLocal<>();

    private @Nullable Object context;

    static ThreadContext ofThisThread() {
        var holder = OF_THREADS.get();
        if (holder == null) {
            holder = new ThreadContext();
            OF_THREADS.set(holder);
        }
        return holder;
    }

    /** Null if nothing was ever set, in this thread or anywhere. */
    static @Nullable ThreadContext ofThisThreadIfAny() {
        return Context.used ? OF_THREADS.get() : null;
    }

    /** What a generator's body set for its driver, in which nothing was set before. */
    static void adopt(ThreadContext holder) {
        OF_THREADS.set(holder);
    }

    @Override
    public @Nullable Object context() {
        return context;
    }

    @Override
    public void context(@Nullable Object context) {
        this.context = context;
    }
}
