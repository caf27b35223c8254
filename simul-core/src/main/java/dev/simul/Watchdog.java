package dev.simul;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

// Watching costs the watched one increment for each step
//
// One daemon thread looks at each loop that runs, twice in the time a step may take: is it still in the step it was
// in at the last look? The fields it reads are plain, a look that comes too early sees the step of before, and the
// next one sees better. Time counts as the watchdog's own looks have it, so that a JVM that was stopped as a whole
// (collector, debugger, laptop) accuses nobody. On an overloaded machine any step may take long, so there is one
// report a second at most.
//
// When all loops have been idle for a second, it looks once whether tasks wait for each other, and dozes: then the
// first loop that leaves its idleness wakes it. Should the two miss each other, it looks up after ten seconds. A loop
// that is never idle is examined for rings every ten seconds, from outside, while it goes on; so a ring counts only
// if the next look finds it again: one that is real stays.

/** Reports steps that hold their loop, and tasks that wait for each other. One thread for all loops. */
final class Watchdog implements Runnable {

    /** How long a step may take, in ms, where the loop has not been told otherwise; 0 for no watchdog. */
    static final long DEFAULT_MILLIS = Long.getLong("simul.slowStepMillis", 100);

    private static final System.Logger LOG = System.getLogger("dev.simul");
    private static final Watchdog ONLY = new Watchdog();

    private static final long LONGEST_PERIOD = 50_000_000;
    private static final long SHORTEST_PERIOD = 5_000_000;
    private static final long DOZE = 10_000_000_000L;
    private static final long IDLE_BEFORE_DOZING = 1_000_000_000;
    private static final long BETWEEN_SEARCHES = 10_000_000_000L;
    private static final long BETWEEN_REPORTS = 1_000_000_000;
    private static final int TOO_MANY_TASKS = 100_000;

    /** What is known of a loop. Watchdog's thread only. */
    private static final class Watch {
        int steps;
        long heldNanos;
        long idleNanos;
        boolean reported;
    }

    private final Map<EventLoop, Watch> watches = new ConcurrentHashMap<>();
    private final Set<List<LoopTask<?>>> suspects = new HashSet<>();
    private final Set<List<Integer>> reportedRings = new HashSet<>();
    private long sinceReport = BETWEEN_REPORTS;
    private long untilSearch = BETWEEN_SEARCHES;
    private boolean searchedIdle;

    private volatile boolean dozing;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("simul-watchdog").unstarted(this);

    private Watchdog() {}

    /** A loop begins to run, and is to be watched. */
    static void watch(EventLoop loop) {
        ONLY.watches.putIfAbsent(loop, new Watch());
        if (ONLY.thread.getState() == Thread.State.NEW) {
            ONLY.start();
        }
        wake();
    }

    static void unwatch(EventLoop loop) {
        ONLY.watches.remove(loop);
    }

    /** A loop has been idle, and goes on. */
    static void wake() {
        if (ONLY.dozing) {
            ONLY.dozing = false;
            LockSupport.unpark(ONLY.thread);
        }
    }

    private synchronized void start() {
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    @Override
    public void run() {
        long last = System.nanoTime();
        while (true) {
            long period = period();
            if (dozing) {
                LockSupport.parkNanos(this, DOZE);
                dozing = false;
                last = System.nanoTime();
            } else {
                LockSupport.parkNanos(this, period);
            }
            long now = System.nanoTime();
            look(Math.min(now - last, 2 * period));
            last = now;
        }
    }

    private long period() {
        long shortest = LONGEST_PERIOD;
        for (var loop : watches.keySet()) {
            shortest = Math.min(shortest, loop.slowNanos() / 2);
        }
        return Math.max(shortest, SHORTEST_PERIOD);
    }

    private void look(long elapsed) {
        boolean allIdle = true;
        sinceReport += elapsed;
        for (var watched : watches.entrySet()) {
            try {
                look(watched.getKey(), watched.getValue(), elapsed);
            } catch (RuntimeException e) {
                LOG.log(Level.DEBUG, "the watchdog stumbled", e);
            }
            allIdle &= watched.getValue().idleNanos >= IDLE_BEFORE_DOZING;
        }
        untilSearch -= elapsed;
        if (allIdle ? !searchedIdle || !suspects.isEmpty() : untilSearch <= 0 || !suspects.isEmpty()) {
            searchRings();
            untilSearch = BETWEEN_SEARCHES;
        }
        searchedIdle = allIdle;
        dozing = allIdle && suspects.isEmpty();
        if (dozing && watches.keySet().stream().anyMatch(loop -> !loop.idle)) {
            dozing = false;
        }
    }

    private void look(EventLoop loop, Watch watch, long elapsed) {
        if (loop.lacksFlightRecorder()) {
            loop.enqueue(loop::lookForFlightRecorder);
        }
        int steps = loop.steps;
        boolean idle = loop.idle;
        if (steps != watch.steps || idle) {
            watch.idleNanos = steps == watch.steps ? watch.idleNanos + elapsed : 0;
            watch.steps = steps;
            watch.heldNanos = 0;
            watch.reported = false;
            return;
        }
        watch.idleNanos = 0;
        watch.heldNanos += elapsed;
        if (watch.heldNanos >= loop.slowNanos() && !watch.reported && sinceReport >= BETWEEN_REPORTS) {
            watch.reported = true;
            sinceReport = 0;
            report(loop, watch.heldNanos);
        }
    }

    private static void report(EventLoop loop, long nanos) {
        var thread = loop.thread();
        var task = loop.running;
        if (thread == null) {
            return;
        }
        var frames = task == null ? Frames.of(thread) : Frames.of(task);
        var where = new Exception("where it was then");
        where.setStackTrace(frames.toArray(StackTraceElement[]::new));
        LOG.log(
                Level.WARNING,
                (task == null ? "a callback" : "task " + task.name()) + " has held loop " + loop.number() + " for "
                        + Timing.text(Duration.ofNanos(nanos))
                        + " without waiting: nobody else runs meanwhile; give long work to a thread with"
                        + " Async.on(executor, …)" + hint(),
                where);
    }

    private static String hint() {
        return Scheduler.current() == Scheduler.DEFAULT
                ? ", or if it is blocked in a call of the JDK, switch Simul's own scheduler on, where that holds only the"
                        + " coroutine"
                : "";
    }

    private void searchRings() {
        List<LoopSight> sights = new ArrayList<>();
        for (var loop : watches.keySet()) {
            if (loop.tasks.size() <= TOO_MANY_TASKS) {
                sights.add(LoopSight.of(loop, "watched", false, false));
            }
        }
        var rings = new WaitGraph(sights).rings();
        for (var ring : rings) {
            if (suspects.contains(ring) && reportedRings.add(numbers(ring))) {
                LOG.log(Level.WARNING, TaskTree.of(sights).deadlockOf(ring.getFirst()) + "; none of them can go on");
            }
        }
        suspects.clear();
        for (var ring : rings) {
            if (!reportedRings.contains(numbers(ring))) {
                suspects.add(ring);
            }
        }
    }

    private static List<Integer> numbers(List<LoopTask<?>> ring) {
        return ring.stream().map(LoopTask::number).sorted().toList();
    }
}
