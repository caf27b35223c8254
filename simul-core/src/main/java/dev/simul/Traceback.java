package dev.simul;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

// One exception, several stacks
//
// asyncio adds frames to an exception as it passes from coroutine to coroutine, so that its traceback ends where the
// program began. Here the stack trace of the same object is made longer: below the frames of the task that failed
// comes a line "at task.NAME(awaited by OTHER)", a seam, and the frames of who waited, and so on. It costs two stack
// traces for each await through which a failure passes, and nothing otherwise.
//
// Several may wait for one task, and one may wait again and again, all with this one object. So who passes a failure
// on cuts off what others have added below the frames of the task it comes from, and the last one to wait is the one
// that is shown. A chain of awaits adds a seam for each; the sixteenth is the last. Causes and suppressed exceptions
// are left alone.
//
// In debug mode the frames of whoever spawned the task stand below its own, under a line "at task.NAME(spawned by
// OTHER)".

/** Stack traces that go on on the other side of an await. Thread: any. */
final class Traceback {

    private static final int MOST_SEAMS = 16;
    private static final String AWAITED = "awaited by ";
    private static final String SPAWNED = "spawned by ";

    /** Where the tasks of loops in debug mode were spawned. */
    private static final Map<LoopTask<?>, Origin> ORIGINS = Collections.synchronizedMap(new WeakHashMap<>());

    /** Who spawned a task, and where. */
    record Origin(String spawner, List<StackTraceElement> frames) {}

    private Traceback() {}

    /** The failure of {@code task} arrives at the caller. */
    static void passOn(Throwable error, Task<?> task) {
        var origin = task instanceof LoopTask<?> coroutine ? ORIGINS.get(coroutine) : null;
        splice(error, task.name(), origin, false);
    }

    /** The failure of a task of a group arrives at the group's owner, the caller. */
    static void passOnFromGroup(Throwable error) {
        splice(error, "of a group", null, true);
    }

    /** Nobody has waited for a failure. */
    static void end(Throwable error, String task, @Nullable Origin origin) {
        var trace = List.of(error.getStackTrace());
        var body = Frames.withoutKernelBelow(trace.subList(0, firstSeam(trace)));
        error.setStackTrace(withOrigin(body, task, origin).toArray(StackTraceElement[]::new));
    }

    /** A task is made in debug mode. */
    static void spawned(LoopTask<?> task) {
        ORIGINS.put(task, new Origin(caller(), here()));
    }

    static @Nullable Origin originOf(LoopTask<?> task) {
        return ORIGINS.get(task);
    }

    private static void splice(Throwable error, String task, @Nullable Origin origin, boolean atTheEnd) {
        var trace = List.of(error.getStackTrace());
        var seam = seam(task, AWAITED, caller());
        int cut = cutFor(trace, seam, task, atTheEnd);
        // A trace that is full is left as it is; then the tasks of the awaits that follow are not in it.
        if (seams(trace.subList(0, cut)) >= MOST_SEAMS || (cut == firstSeam(trace) && seams(trace) >= MOST_SEAMS)) {
            return;
        }
        int body = Math.min(firstSeam(trace), cut);
        List<StackTraceElement> spliced = withOrigin(Frames.withoutKernelBelow(trace.subList(0, body)), task, origin);
        spliced.addAll(trace.subList(body, cut));
        spliced.add(seam);
        spliced.addAll(here());
        error.setStackTrace(spliced.toArray(StackTraceElement[]::new));
    }

    /** How much of a trace leads from the failure to {@code task}. */
    private static int cutFor(List<StackTraceElement> trace, StackTraceElement seam, String task, boolean atTheEnd) {
        int same = trace.indexOf(seam);
        if (same >= 0) {
            return same;
        }
        if (atTheEnd) {
            return trace.size();
        }
        int end = firstSeam(trace);
        for (int i = end; i < trace.size(); i++) {
            if (isSeam(trace.get(i)) && (AWAITED + task).equals(trace.get(i).getFileName())) {
                end = i + 1 + firstSeam(trace.subList(i + 1, trace.size()));
            }
        }
        return end;
    }

    private static List<StackTraceElement> withOrigin(
            List<StackTraceElement> body, String task, @Nullable Origin origin) {
        List<StackTraceElement> all = new ArrayList<>(body);
        if (origin != null) {
            all.add(seam(task, SPAWNED, origin.spawner()));
            all.addAll(origin.frames());
        }
        return all;
    }

    private static StackTraceElement seam(String task, String how, String other) {
        return new StackTraceElement("task", task, how + other, -1);
    }

    private static boolean isSeam(StackTraceElement frame) {
        var file = frame.getFileName();
        return frame.getClassName().equals("task")
                && file != null
                && (file.startsWith(AWAITED) || file.startsWith(SPAWNED));
    }

    private static long seams(List<StackTraceElement> trace) {
        return trace.stream().filter(Traceback::isSeam).count();
    }

    private static int firstSeam(List<StackTraceElement> trace) {
        int i = 0;
        while (i < trace.size() && !isSeam(trace.get(i))) {
            i++;
        }
        return i;
    }

    private static List<StackTraceElement> here() {
        return Frames.withoutKernel(new Throwable().getStackTrace());
    }

    private static String caller() {
        var task = LoopTask.current();
        return task != null ? task.name() : "thread " + Thread.currentThread().getName();
    }
}
