package dev.simul;

import java.util.HashMap;
import java.util.Map;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

// The first event class that is loaded costs some 100 ms, with or without a recording: JFR registers it. So a loop
// asks, when a run begins and then through the watchdog, whether the recorder was ever started, which costs nothing,
// and is given this instrument only then. The JDK may also have been linked without JFR.

/** Records what a loop does with the JDK's Flight Recorder. */
final class FlightInstrument implements Instrument {

    private static final boolean IN_JDK =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private final Map<Task<?>, FlightEvents.BlockedInJdk> blocked = new HashMap<>();
    private final FlightEvents.@Nullable LoopRun run;
    private FlightEvents.@Nullable CoroutineSwitch step;
    private FlightEvents.@Nullable SlowStep slow;

    /** Made when a run begins, or in the middle of one. */
    FlightInstrument() {
        run = new FlightEvents.LoopRun();
        run.begin();
    }

    /** Whether the recorder has been started in this process. Any thread. */
    static boolean isWanted() {
        return IN_JDK && FlightRecorder.isInitialized();
    }

    @Override
    public void beforeRun(EventLoop loop) {
        if (run != null) {
            run.begin();
        }
    }

    @Override
    public void afterRun(EventLoop loop) {
        if (run != null && run.shouldCommit()) {
            var statistics = loop.statistics();
            run.loop = loop.number();
            run.switches = statistics.switches();
            run.spawned = statistics.spawned();
            run.commit();
        }
    }

    @Override
    public void taskSpawned(Task<?> task) {
        var event = new FlightEvents.TaskStart();
        if (event.isEnabled() && task instanceof LoopTask<?> coroutine) {
            event.about(coroutine);
            event.commit();
        }
    }

    @Override
    public void taskExited(Task<?> task) {
        var event = new FlightEvents.TaskEnd();
        if (event.isEnabled() && task instanceof LoopTask<?> coroutine) {
            event.about(coroutine);
            event.outcome = switch (coroutine.outcome()) {
                case Outcome.Threw<?> threw -> threw.peek().getClass().getName();
                case Outcome.Cancelled<?> _ -> "cancelled";
                case null, default -> "returned";
            };
            event.commit();
        }
    }

    @Override
    public void beforeTaskStep(Task<?> task) {
        var wait = blocked.remove(task);
        if (wait != null) {
            end(wait, task);
        }
        step = new FlightEvents.CoroutineSwitch();
        slow = new FlightEvents.SlowStep();
        step.begin();
        slow.begin();
    }

    @Override
    public void afterTaskStep(Task<?> task) {
        end(step, task);
        end(slow, task);
        if (task instanceof LoopTask<?> coroutine && coroutine.isBlockedInJdk()) {
            var wait = new FlightEvents.BlockedInJdk();
            if (wait.isEnabled()) {
                wait.begin();
                blocked.put(task, wait);
            }
        }
    }

    private static void end(FlightEvents.@Nullable OfTask event, Task<?> task) {
        if (event != null && event.shouldCommit() && task instanceof LoopTask<?> coroutine) {
            event.about(coroutine);
            event.commit();
        }
    }

    @Override
    public String toString() {
        return "for the Flight Recorder";
    }
}
