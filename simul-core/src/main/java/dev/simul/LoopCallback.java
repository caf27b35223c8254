package dev.simul;

/** A reaction that takes its turn in a loop's ready queue, as asyncio's call_soon has it. */
final class LoopCallback implements Reaction, Step {

    private final EventLoop loop;
    private final Runnable action;

    LoopCallback(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    @Override
    public void ended(Completion<?> task) {
        loop.enqueue(this);
    }

    @Override
    public void step() {
        action.run();
    }
}
