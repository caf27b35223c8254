package dev.simul;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

// Which frames are the kernel's? Those of the classes in Simul's own two packages that came with this class: tests of
// ours, and whoever else puts classes into a package of that name, come from another place. And the JDK's machinery for
// virtual threads, which lies below every body and above every wait. A frame whose call came from the JDK's bottom of a
// thread, and not yet from anybody's code, is nobody's.

/** Stacks as the author of a coroutine knows them: without the frames of the kernel. Thread: any. */
final class Frames {

    private static final Set<String> PACKAGES = Set.of("dev.simul", "dev.simul.sync");

    private static final Map<String, Boolean> OURS = new ConcurrentHashMap<>();

    private Frames() {}

    /** Where a coroutine is, innermost call first; empty if it has not begun or has ended. */
    static List<StackTraceElement> of(LoopTask<?> task) {
        List<StackTraceElement> frames = new ArrayList<>();
        addAll(task.strand(), frames);
        return List.copyOf(frames);
    }

    /** A body that drives a generator goes on there. */
    private static void addAll(@Nullable Strand strand, List<StackTraceElement> frames) {
        if (strand != null) {
            addAll(strand.guest(), frames);
            frames.addAll(of(strand.thread()));
        }
    }

    static List<StackTraceElement> of(Thread thread) {
        return withoutKernel(thread.getStackTrace());
    }

    /** What the JDK does for the kernel, the kernel does: so where the JDK was called from decides. */
    static List<StackTraceElement> withoutKernel(StackTraceElement[] stack) {
        List<StackTraceElement> kept = new ArrayList<>(stack.length);
        boolean inKernel = true;
        for (int i = stack.length - 1; i >= 0; i--) {
            var frame = stack[i];
            inKernel = isKernel(frame) || (inKernel && isJdk(frame));
            if (!inKernel) {
                kept.add(frame);
            }
        }
        return List.copyOf(kept.reversed());
    }

    /** Without the kernel's frames, except those in which an exception was made. */
    static List<StackTraceElement> withoutKernelBelow(List<StackTraceElement> trace) {
        int top = 0;
        while (top < trace.size() && (isKernel(trace.get(top)) || isJdk(trace.get(top)))) {
            top++;
        }
        if (top == trace.size()) {
            return trace;
        }
        List<StackTraceElement> kept = new ArrayList<>(trace.subList(0, top));
        kept.addAll(withoutKernel(trace.subList(top, trace.size()).toArray(StackTraceElement[]::new)));
        return kept;
    }

    /**
     * A part of a stack, by the rule of asyncio's call graph.
     *
     * @param limit so many frames next to the entry of the coroutine; if negative, so many of the innermost
     */
    static List<StackTraceElement> limited(List<StackTraceElement> stack, int limit) {
        int size = stack.size();
        return limit >= 0
                ? stack.subList(Math.max(0, size - limit), size)
                : stack.subList(0, (int) Math.min(size, -(long) limit));
    }

    static boolean isKernel(StackTraceElement frame) {
        var type = frame.getClassName();
        return switch (type) {
            case "java.lang.Thread", "java.lang.VirtualThread", "java.lang.VirtualThread$VThreadContinuation$1" -> true;
            default -> type.startsWith("jdk.internal.vm.") || isOurs(type);
        };
    }

    private static boolean isJdk(StackTraceElement frame) {
        var module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private static boolean isOurs(String type) {
        return type.startsWith("dev.simul.")
                && PACKAGES.contains(type.substring(0, type.lastIndexOf('.')))
                && OURS.computeIfAbsent(type, Frames::cameWithThis);
    }

    private static boolean cameWithThis(String type) {
        return origin(type).equals(origin(Frames.class.getName()));
    }

    /** The jar or folder of a class. */
    private static String origin(String type) {
        var file = "/" + type.replace('.', '/') + ".class";
        var found = Frames.class.getResource(file);
        return found == null ? "" : found.toString().replace(file, "");
    }
}
