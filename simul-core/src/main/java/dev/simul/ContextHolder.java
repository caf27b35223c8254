package dev.simul;

import org.jspecify.annotations.Nullable;

// Whose context is the current one?
//
// A coroutine has one (a field of its task), a thread has one (a ThreadLocal). A generator's body has its driver's,
// as in Python, whatever thread it runs in; only while it is inside Context.run has it one of its own, which its
// driver does not see when the body yields in there. So who looks for the current context walks from the innermost
// body outward to the first holder that has one.
//
// What a holder holds is null (empty), Bindings (a snapshot, shared with whom it was taken from) or a Context (made
// when something is set, or given). A hand-over takes the snapshot: one reference, nothing allocated.
//
// `used` is false until the first value is set in this JVM, and until then a hand-over costs a look at it. It needs no
// fence: values reach another thread only by a hand-over that has one, and so does this.

/** What keeps the context of running code: its coroutine, its generator or its thread. */
sealed interface ContextHolder permits LoopTask, Turns, ThreadContext {

    /** Null, {@link Bindings} or a {@link Context}. */
    @Nullable
    Object context();

    void context(@Nullable Object context);

    /** Whose context running code replaces while it is in another. */
    static ContextHolder innermost() {
        var strand = Strand.current();
        return strand != null && strand.owner instanceof ContextHolder holder ? holder : ThreadContext.ofThisThread();
    }

    /** Whose context is the current one; with {@code make} there is always one. */
    static @Nullable ContextHolder current(boolean make) {
        var strand = Strand.current();
        while (strand != null && strand.owner instanceof Turns<?, ?> turns) {
            for (Turns<?, ?> body = turns; body != null; body = body.delegator()) {
                if (body.context() != null) {
                    return body;
                }
            }
            strand = turns.host();
            if (strand == null) {
                return turns.threadOfDriver(make);
            }
        }
        if (strand != null && strand.owner instanceof LoopTask<?> task) {
            return task;
        }
        return make ? ThreadContext.ofThisThread() : ThreadContext.ofThisThreadIfAny();
    }
}
