package dev.simul;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

// asyncio.wrap_future: the task ends as the future does; cancelling the task cancels the future, which may have a
// result by then and keeps it. A future that cannot call back costs a virtual thread that waits for it.

/** The JDK's promises as tasks. */
final class WrappedFuture {

    private WrappedFuture() {}

    @SuppressWarnings("unchecked") // a future of a subtype is only read
    static <T extends @Nullable Object> Task<T> of(CompletionStage<? extends T> stage) {
        if (stage instanceof TaskFuture<?> ours) {
            return (Task<T>) ours.task();
        }
        var loop = EventLoop.current();
        Promise<T> promise = Promise.outside(stage.toString());
        stage.whenComplete((value, error) -> settle(promise, loop, value, error));
        promise.onCancel(_ -> stage.toCompletableFuture().cancel(true));
        return promise;
    }

    static <T extends @Nullable Object> Task<T> of(Future<? extends T> future) {
        if (future instanceof CompletionStage<?> stage) {
            @SuppressWarnings("unchecked") // what is a future of T and a stage is a stage of T
            var ofT = (CompletionStage<? extends T>) stage;
            return of(ofT);
        }
        var loop = EventLoop.current();
        Promise<T> promise = Promise.outside(future.toString());
        promise.onCancel(_ -> future.cancel(true));
        if (future.isDone()) {
            settle(promise, loop, future);
        } else {
            Thread.ofVirtual().name("simul-future").start(() -> settle(promise, loop, future));
        }
        return promise;
    }

    private static <T extends @Nullable Object> void settle(
            Promise<T> promise, @Nullable EventLoop loop, Future<? extends T> future) {
        try {
            promise.complete(future.get());
        } catch (ExecutionException e) {
            promise.fail(Objects.requireNonNullElse(e.getCause(), e), loop);
        } catch (CancellationException e) {
            promise.cancel(Objects.requireNonNullElse(e.getMessage(), ""));
        } catch (Throwable e) {
            promise.fail(e, loop);
        }
    }

    private static <T extends @Nullable Object> void settle(
            Promise<T> promise, @Nullable EventLoop loop, T value, @Nullable Throwable error) {
        switch (error) {
            case null -> promise.complete(value);
            case CompletionException e when e.getCause() != null -> promise.fail(e.getCause(), loop);
            case CancellationException e -> promise.cancel(Objects.requireNonNullElse(e.getMessage(), ""));
            default -> promise.fail(error, loop);
        }
    }
}
