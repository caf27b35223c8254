package dev.simul;

import java.time.Duration;

/**
 * What wants to be told what a loop does: a meter, a tracer, a test.
 *
 * <p>A loop without instruments pays nothing for them. An instrument that throws is taken off its loop, and that is logged.
 *
 * <p>Thread: the loop's, in the middle of its work: a method must be quick, must not wait, and must not call the loop.
 *
 * @see EventLoop#addInstrument
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-lowlevel.html#instrument-api">trio's instruments, whose
 *     hooks these are</a>
 */
public interface Instrument {

    /** The loop begins a run. Not called on an instrument that is added during a run. */
    default void beforeRun(EventLoop loop) {}

    /** The run is over. */
    default void afterRun(EventLoop loop) {}

    /** A task was made. */
    default void taskSpawned(Task<?> task) {}

    /** A task is going to run in the iteration that begins now. */
    default void taskScheduled(Task<?> task) {}

    /** A task's coroutine is resumed. */
    default void beforeTaskStep(Task<?> task) {}

    /** It has given the turn back: it waits, is blocked in the JDK, or has returned. */
    default void afterTaskStep(Task<?> task) {}

    /** A task has ended. Those who wait for it have not run yet. */
    default void taskExited(Task<?> task) {}

    /**
     * Nobody can run: the loop is going to wait for timers, other threads and the JDK.
     *
     * @param atMost until the next timer; nearly for ever if there is none
     */
    default void beforeWait(Duration atMost) {}

    /** The loop goes on. */
    default void afterWait() {}
}
