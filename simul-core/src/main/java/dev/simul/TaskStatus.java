package dev.simul;

import org.jspecify.annotations.Nullable;

// Until it is ready the task is in a group of its own, the nursery, in which the caller of start() waits for it. Then
// it moves: into the group, and with all scopes that it has entered into the scope of the group. The scope that is
// made for it here is the handle by which they are moved.

/**
 * By which a task that is being started tells that it is ready; see {@link TaskGroup#start}.
 *
 * <p>Thread: coroutines of the group's loop.
 *
 * @param <V> what the task has to tell when it is ready
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#trio.Nursery.start">trio's task_status</a>
 */
public final class TaskStatus<V extends @Nullable Object> {

    private final @Nullable TaskGroup<?> group;
    private final CancelScope scope = new CancelScope();
    private @Nullable TaskGroup<?> nursery;
    private @Nullable LoopTask<?> task;
    private boolean called;
    private boolean started;
    private @Nullable V value;

    TaskStatus(@Nullable TaskGroup<?> group) {
        this.group = group;
    }

    /** A status that nobody looks at: for calling a {@link TaskGroup.Service} without a group. */
    public static <V extends @Nullable Object> TaskStatus<V> ignored() {
        return new TaskStatus<>(null);
    }

    /**
     * Says that the task is ready: {@link TaskGroup#start} returns, and the task belongs to the group. If the caller of start
     * has been cancelled, it does nothing: the task is on its way to its end.
     *
     * @param value what start returns
     * @throws IllegalStateException if it has been called before
     */
    public void started(V value) {
        if (called && group != null) {
            throw new IllegalStateException("started(…) is called once: start(…) has returned already");
        }
        called = true;
        if (group != null && nursery != null && task != null && !nursery.isAborting() && scope.cancelledBy() == null) {
            this.value = value;
            started = true;
            scope.moveInto(group.scope());
            group.takeOver(task, nursery);
            nursery = null;
        }
    }

    /** {@link #started(Object)} with nothing to tell: start returns null. */
    @SuppressWarnings("NullAway") // whoever has nothing to tell has a V that may be null
    public void started() {
        started(null);
    }

    void begin(TaskGroup<?> nursery, LoopTask<?> task) {
        this.nursery = nursery;
        this.task = task;
        nursery.takeOver(task, () -> ended(task));
    }

    void run(TaskGroup.Service<V> work) throws Exception {
        scope.run(() -> work.run(this));
    }

    private void ended(LoopTask<?> task) {
        var home = nursery != null ? nursery : group;
        if (home != null) {
            home.ended(task);
        }
    }

    /** What the task has told. */
    V value() {
        if (!started) {
            throw new IllegalStateException(
                    "the task exited without having called started(…): call it when the task is ready, or fork the task");
        }
        return Turns.uncheckedNull(value);
    }
}
