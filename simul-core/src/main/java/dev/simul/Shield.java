package dev.simul;

import java.util.List;
import org.jspecify.annotations.Nullable;

// asyncio.shield. The outer promise ends as the task does, with the very same outcome: so a failure that was seen
// through the shield was seen, and one that nobody saw is reported once, however often the task was shielded. Once the
// outer one has been cancelled it wants to know nothing more, and leaves nothing behind at the task.

/** What stands between a task and those who may be cancelled while they wait for it. Loop thread only. */
final class Shield {

    private Shield() {}

    static <T extends @Nullable Object> Task<T> around(EventLoop loop, Task<T> inner) {
        if (inner.isDone()) {
            return inner;
        }
        var outer = new DependentPromise<T>("shielded " + inner.name(), () -> List.of(inner), true);
        var callback = new LoopCallback(loop, () -> outer.end(Completion.ended(inner)));
        callback.register(inner);
        outer.react(_ -> callback.takeBack(inner));
        return outer;
    }
}
