package dev.simul;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** What a loop tells the JDK's Flight Recorder. Nothing here is loaded unless that is at work. */
final class FlightEvents {

    private FlightEvents() {}

    /** What all events have. */
    @Category({"Simul"})
    @StackTrace(false)
    abstract static class OfTask extends Event {
        @Label("Task")
        @SuppressWarnings("NullAway.Init") // see about()
        String task;

        @Label("Task Id")
        int taskId;

        @Label("Loop")
        int loop;

        void about(LoopTask<?> subject) {
            task = subject.name();
            taskId = subject.number();
            loop = subject.loop.number();
        }
    }

    @Name("dev.simul.TaskStart")
    @Label("Task Start")
    @Description("A task was spawned")
    static final class TaskStart extends OfTask {}

    @Name("dev.simul.TaskEnd")
    @Label("Task End")
    @Description("A task has ended")
    static final class TaskEnd extends OfTask {
        @Label("Outcome")
        @Description("returned, cancelled, or the class of what was thrown")
        @SuppressWarnings("NullAway.Init")
        String outcome;
    }

    @Name("dev.simul.CoroutineSwitch")
    @Label("Coroutine Switch")
    @Description("A coroutine ran from one wait to the next")
    @Enabled(false)
    static final class CoroutineSwitch extends OfTask {}

    @Name("dev.simul.SlowStep")
    @Label("Slow Step")
    @Description("A coroutine held its loop for long")
    @Threshold("100 ms")
    static final class SlowStep extends OfTask {}

    @Name("dev.simul.BlockedInJdk")
    @Label("Blocked in JDK")
    @Description("A coroutine was blocked in a call of the JDK, while its loop went on")
    @Threshold("10 ms")
    static final class BlockedInJdk extends OfTask {}

    @Name("dev.simul.LoopRun")
    @Label("Loop Run")
    @Description("A loop ran on a thread")
    @Category({"Simul"})
    @StackTrace(false)
    static final class LoopRun extends Event {
        @Label("Loop")
        int loop;

        @Label("Switches")
        long switches;

        @Label("Tasks Spawned")
        long spawned;
    }
}
