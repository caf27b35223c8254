package dev.simul;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A reaction that takes its turn in a loop's ready queue, as asyncio's call_soon has it. */
final class LoopCallback implements Reaction, Step, Consumer<Object> {

    private final EventLoop loop;
    private final Runnable action;

    /** What has ended, when it has; before that, who owns it. */
    private @Nullable Completion<?> other;

    LoopCallback(EventLoop loop, Runnable action) {
        this(loop, action, null);
    }

    /** With the task that has to see to the end of the one reacted to: the owner of its group. */
    LoopCallback(EventLoop loop, Runnable action, @Nullable LoopTask<?> owner) {
        this.loop = loop;
        this.action = action;
        this.other = owner;
    }

    @Override
    public @Nullable LoopTask<?> owner() {
        return other instanceof LoopTask<?> owner ? owner : null;
    }

    @Override
    public void ended(Completion<?> task) {
        other = task;
        loop.enqueue(this);
    }

    /** Has itself called at the end of a task of any kind. */
    void register(Task<?> task) {
        if (task instanceof Completion<?> known) {
            known.react(this);
        } else {
            task.onDone(this);
        }
    }

    /** Undoes {@link #register}, if its turn has not come. */
    @SuppressWarnings("ReferenceEquality") // this very callback
    void takeBack(Task<?> task) {
        if (task instanceof Completion<?> known) {
            known.forget(reaction -> reaction == this);
        } else {
            task.removeOnDone(this);
        }
    }

    /** The end of a task that is not ours, in its turn. */
    @Override
    public void accept(Object task) {
        action.run();
    }

    @Override
    public void step() {
        action.run();
    }

    @Nullable
    Completion<?> cause() {
        return other;
    }
}
