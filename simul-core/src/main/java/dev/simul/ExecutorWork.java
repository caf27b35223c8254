package dev.simul;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Work on a thread of an executor, and the promise of it. */
final class ExecutorWork<T extends @Nullable Object> extends FutureTask<T> {

    private final @Nullable EventLoop loop = EventLoop.current();
    private final Promise<T> promise = Promise.outside("work on an executor");
    private final @Nullable Bindings context = Context.snapshot();

    ExecutorWork(Callable<? extends T> work) {
        super(work::call);
        promise.onCancel(_ -> cancel(true));
    }

    Promise<T> promise() {
        return promise;
    }

    @Override
    public void run() {
        promise.begin();
        Runnable inContext = () -> Context.runIn(context, super::run);
        if (loop == null) {
            inContext.run();
        } else {
            Worker.within(new Worker(loop, promise), inContext);
        }
    }

    @Override
    protected void done() {
        try {
            promise.complete(resultNow());
        } catch (IllegalStateException failedOrCancelled) {
            if (state() == State.FAILED) {
                promise.fail(exceptionNow(), loop);
            } else {
                promise.cancel();
            }
        }
    }
}
