package dev.simul;

/**
 * The handle of a callback that a loop is to run: takes it back.
 *
 * <p>Thread: the loop's; any, for the handles of {@link EventLoop#callSoonThreadSafe}.
 */
public sealed interface Handle permits TimerHandle, SoonHandle, ThreadSafeHandle {

    /** Takes the callback back: if it has not begun, it will not run. A second time this does nothing. */
    void cancel();

    /** Whether {@link #cancel} was called, in time or not. */
    boolean isCancelled();
}
