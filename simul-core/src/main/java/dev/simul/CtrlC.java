package dev.simul;

import org.jspecify.annotations.Nullable;

// asyncio's protocol of SIGINT. The first one is a request to cancel the main task, and wakes the loop; if the task
// then ends cancelled and by nobody else, run() throws KeyboardInterrupt. The second one does what it would have done
// without us: it ends the JVM. A handler of the application is left alone, and so is a platform that refuses.
//
// An uncaught KeyboardInterrupt is to end the JVM with 130 and without a stack trace. So the main thread gets a handler
// of uncaught exceptions for that, on top of the one it has.
//
// The first handler of a JVM takes some 20 ms of class loading (17 of them java.lang.reflect.Proxy), which a program
// that only wants to run a coroutine should not wait for: they are spent in a thread beside it.

/** Ctrl-C while a loop runs on the main thread: cancels its main task. */
final class CtrlC implements AutoCloseable {

    private final EventLoop loop;
    private final Task<?> main;

    private @Nullable SignalHandler handler;
    private boolean closed;
    private boolean pressed;

    /** Whether the main task has taken it as a request to cancel. Loop thread only. */
    private boolean accepted;

    private CtrlC(EventLoop loop, Task<?> main) {
        this.loop = loop;
        this.main = main;
    }

    /** Null if it is none of our business: only the JVM's first thread is a program that one sits before. */
    static @Nullable CtrlC watch(EventLoop loop, Task<?> main) {
        var thread = Thread.currentThread();
        if (!thread.getName().equals("main") || thread.isVirtual() || thread.isDaemon()) {
            return null;
        }
        var watch = new CtrlC(loop, main);
        if (SignalHandler.isLoaded()) {
            watch.install();
        } else {
            Thread.ofPlatform().daemon().name("simul-ctrl-c").start(watch::install);
        }
        return watch;
    }

    private synchronized void install() {
        if (!closed) {
            handler = SignalHandler.installIfDefault("INT", this::press);
        }
    }

    private synchronized void press() {
        if (closed || pressed) {
            if (handler != null) {
                handler.passOn();
            }
            return;
        }
        pressed = true;
        loop.enqueue(() -> accepted |= main.cancel("Ctrl-C"));
    }

    /** Whether the main task has taken it as a request to cancel. Loop thread. */
    boolean isAccepted() {
        return accepted;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (handler != null) {
            handler.close();
        }
    }

    /** Has the JVM end as Ctrl-C ends it, if nobody catches what the caller is about to throw. */
    static void exitIfUncaught() {
        var thread = Thread.currentThread();
        if (!(thread.getUncaughtExceptionHandler() instanceof Exit)) {
            thread.setUncaughtExceptionHandler(new Exit(thread.getUncaughtExceptionHandler()));
        }
    }

    private record Exit(Thread.UncaughtExceptionHandler next) implements Thread.UncaughtExceptionHandler {

        private static final int INTERRUPTED = 130;

        @Override
        public void uncaughtException(Thread thread, Throwable error) {
            if (error instanceof KeyboardInterrupt) {
                Runtime.getRuntime().exit(INTERRUPTED);
            }
            next.uncaughtException(thread, error);
        }
    }
}
