package dev.simul.process;

import dev.simul.process.internal.wire.Frame;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ProtocolException;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one place of a pool filled with a living child, and gives it one call at a time.
 *
 * <p>A platform thread of its own, which writes the call and reads the reply: a JVM costs so much more than a thread
 * that nothing is gained by sharing it, and a blocking read is the fastest way to notice a reply or a death.
 *
 * <p>A child that dies is replaced at once. Only when one could not start, or several in a row died idle without having
 * done anything, the keeper waits for a task before it tries again; if that fails too, the task learns why. So a wrong
 * JVM option neither burns the processor nor leaves anybody waiting.
 */
final class Keeper implements Runnable {
    private static final int IDLE_DEATHS_IN_A_ROW = 5;

    private final PoolSettings settings;
    private final CallQueue queue;
    private final ScheduledExecutorService timer;
    private final ChildStart start;
    private final Runnable ready;
    private final Runnable ended;
    private int idleDeaths;

    // Written by the keeper's thread, read by whoever asks for the children or shuts the pool down.
    private volatile @Nullable ChildJvm child;
    private volatile @Nullable Call<?> current;

    /** A keeper that says once when its first child is ready or could not start, and once when it has ended. */
    Keeper(PoolSettings settings, CallQueue queue, ScheduledExecutorService timer, Runnable ready, Runnable ended) {
        this.settings = settings;
        this.queue = queue;
        this.timer = timer;
        this.start = new ChildStart(settings, timer);
        this.ready = ready;
        this.ended = ended;
    }

    Optional<ChildProcess> child() {
        return Optional.ofNullable(child).filter(ChildJvm::isAlive).map(ChildJvm::describe);
    }

    /** Cancels the call that runs now. */
    void cancelCurrent() {
        Call<?> call = current;
        if (call != null) {
            call.task().cancel(ProcessPool.SHUT_DOWN);
        }
    }

    @Override
    public void run() {
        try {
            startAhead();
            ready.run();
            while (!queue.isFinished()) {
                ChildJvm mine = child;
                Call<?> call = queue.take(() -> mine != null && !mine.isAlive());
                if (call != null) {
                    serve(call);
                } else if (mine != null && !mine.isAlive()) {
                    replaceIdle(mine);
                }
            }
            if (child != null) {
                child.stop();
            }
        } catch (InterruptedException stranger) {
            log().log(Level.ERROR, "somebody interrupted the keeper of a child of " + settings.name(), stranger);
        } finally {
            ended.run();
        }
    }

    private void serve(Call<?> call) throws InterruptedException {
        ChildJvm mine = child;
        try {
            if (mine == null) {
                mine = launch();
            }
        } catch (IOException | ProcessDiedException couldNotStart) {
            call.fail(couldNotStart);
            return;
        }
        current = call;
        // Whoever shuts down looks at `current` after having said so: one of the two always sees the other.
        if (queue.isAborted()) {
            cancelCurrent();
        }
        if (call.begin(mine)) {
            exchange(mine, call);
        }
        current = null;
    }

    private void exchange(ChildJvm mine, Call<?> call) throws InterruptedException {
        Future<?> alarm = settings.taskTimeout()
                .<Future<?>>map(limit -> timer.schedule(call::expire, limit.toNanos(), TimeUnit.NANOSECONDS))
                .orElse(null);
        try {
            Frame reply = mine.exchange(call.payload());
            call.end();
            idleDeaths = 0;
            call.settle(reply);
            if (mine.tasksDone() >= settings.tasksPerChild()) {
                mine.stop();
                startAhead();
            }
        } catch (IOException hungUp) {
            boolean expired = call.end();
            mine.stop();
            explain(mine, call, expired, hungUp);
            startAhead();
        } catch (RuntimeException | Error unexpected) {
            // No memory for the reply, for one. The place must go on, and the asker must hear of it.
            call.end();
            mine.stop();
            call.fail(unexpected);
            startAhead();
        } finally {
            if (alarm != null) {
                alarm.cancel(false);
            }
        }
    }

    private void explain(ChildJvm dead, Call<?> call, boolean expired, IOException hungUp) throws InterruptedException {
        String name = call.task().name();
        boolean neverBegan = !(hungUp instanceof EOFException || hungUp instanceof ProtocolException);
        if (expired) {
            call.fail(new TimeoutException(name + " ran longer than taskTimeout = "
                    + settings.taskTimeout().orElseThrow() + "; its child JVM " + dead.pid() + " was killed"));
        } else if (neverBegan && call.mayGoBack()) {
            queue.putBack(call);
        } else {
            var death = dead.death(name);
            if (hungUp instanceof ProtocolException) {
                death.initCause(hungUp);
            }
            call.fail(death);
        }
    }

    private void replaceIdle(ChildJvm dead) throws InterruptedException {
        log().log(Level.WARNING, dead.death(settings.name() + ", idle").getMessage());
        idleDeaths++;
        if (idleDeaths < IDLE_DEATHS_IN_A_ROW) {
            startAhead();
        } else {
            child = null;
        }
    }

    private void startAhead() throws InterruptedException {
        child = null;
        if (queue.isFinished()) {
            return;
        }
        try {
            launch();
        } catch (IOException | ProcessDiedException couldNotStart) {
            log().log(Level.WARNING, couldNotStart + "\nThe next task will try again.");
        }
    }

    private ChildJvm launch() throws IOException, InterruptedException {
        ChildJvm fresh = start.start();
        fresh.onDeath(queue::wakeAll);
        child = fresh;
        return fresh;
    }

    // Asked for when something is to be said: loading it costs a short-lived JVM 10 ms.
    private static System.Logger log() {
        return System.getLogger("dev.simul.process");
    }
}
