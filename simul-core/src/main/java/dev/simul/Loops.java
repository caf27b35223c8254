package dev.simul;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/** The loops of this process that are neither closed nor forgotten. Thread: any. */
final class Loops {

    private static final Set<EventLoop> OPEN = Collections.newSetFromMap(new WeakHashMap<>());

    private Loops() {}

    static EventLoop opened(EventLoop loop) {
        synchronized (OPEN) {
            OPEN.add(loop);
        }
        return loop;
    }

    static void closed(EventLoop loop) {
        synchronized (OPEN) {
            OPEN.remove(loop);
        }
    }

    /** Oldest first. */
    static List<EventLoop> open() {
        synchronized (OPEN) {
            return OPEN.stream()
                    .sorted(Comparator.comparingInt(EventLoop::number))
                    .toList();
        }
    }
}
