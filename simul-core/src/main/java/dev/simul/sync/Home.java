package dev.simul.sync;

import dev.simul.Async;
import dev.simul.EventLoop;
import dev.simul.Task;
import org.jspecify.annotations.Nullable;

// Nothing in this package is locked, so everything belongs to the thread of one loop. That is the loop in which it is
// first used, not made: a constant may be made anywhere. It may be prepared before its loop runs, looked at and used
// between and after its runs, and taken over by another loop when the first is closed: until then coroutines of that
// one may still wait in it.

/** The loop to which an object belongs. */
final class Home {

    private @Nullable EventLoop loop;

    /** Before an operation of {@code what} that does not wait. */
    @SuppressWarnings("ReferenceEquality") // this very loop
    void check(Object what) {
        var here = EventLoop.current();
        if (here != loop) {
            moveTo(here, what);
        }
    }

    /** Before an operation of {@code what} that may wait: the task that calls it. */
    @SuppressWarnings("ReferenceEquality") // this very loop
    Task<?> enter(Object what, String call, String outsideOfLoops) {
        var here = EventLoop.current();
        if (here == null) {
            throw new IllegalStateException(
                    call + " needs a running loop: call it inside Async.run(…), or use " + outsideOfLoops);
        }
        if (here != loop) {
            moveTo(here, what);
        }
        var task = Async.currentTask();
        if (task == null) {
            throw new IllegalStateException(
                    call + " in a callback would block its loop for ever: spawn a coroutine that waits");
        }
        return task;
    }

    private void moveTo(@Nullable EventLoop here, Object what) {
        if (loop != null && (here == null ? loop.isRunning() : !loop.isClosed())) {
            throw new IllegalStateException(
                    what + " belongs to another loop, which used it first and is not closed: make one"
                            + " for each loop, or use it in a task that is submitted to that loop");
        }
        if (here != null) {
            loop = here;
        }
    }

    /** For error texts. */
    static String nameOf(Object somebody) {
        return somebody instanceof Task<?> task ? task.name() : somebody.toString();
    }
}
