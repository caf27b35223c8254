package dev.simul;

import org.jspecify.annotations.Nullable;

/** A reaction that takes its turn in a loop's ready queue, as asyncio's call_soon has it. */
final class LoopCallback implements Reaction, Step {

    private final EventLoop loop;
    private final Runnable action;

    /** What has ended, when it has. */
    private @Nullable Completion<?> cause;

    LoopCallback(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    @Override
    public void ended(Completion<?> task) {
        cause = task;
        loop.enqueue(this);
    }

    @Override
    public void step() {
        action.run();
    }

    @Nullable
    Completion<?> cause() {
        return cause;
    }
}
