package dev.simul;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

// A cancelled timer stays in the heap until it comes to the top: most timers are time-outs that never fire, and taking
// each out of the middle would cost more than skipping it. So that they cannot pile up, the heap is rebuilt without
// them when they are the majority (asyncio's rule and numbers).

/** The timers of a loop: a binary heap in the order of their time, then of their creation. Loop thread only. */
final class Timers {

    private static final int FEW = 100;

    private @Nullable Timer[] heap = new Timer[64];
    private int size;
    private int cancelled;
    private int created;

    /** How many are pending. */
    int size() {
        return size - cancelled;
    }

    void add(Timer timer) {
        if (timer.isCancelled()) {
            return;
        }
        timer.number = created++;
        timer.pending = true;
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        siftUp(size++, timer);
    }

    /** Forgets them all. */
    void clear() {
        Arrays.fill(heap, 0, size, null);
        size = 0;
        cancelled = 0;
    }

    /** Prevents the timer from firing, also when it is in the ready queue already. */
    void cancel(Timer timer) {
        if (!timer.isCancelled()) {
            timer.markCancelled();
            if (timer.pending) {
                cancelled++;
            }
        }
    }

    /** The earliest timer, one that was cancelled included; changes nothing. Any thread that takes what it gets. */
    @Nullable
    Timer earliest() {
        return heap[0];
    }

    /** The earliest timer, null if there is none. */
    @Nullable
    Timer first() {
        if (size > FEW && cancelled > size / 2) {
            dropCancelled();
        }
        var first = heap[0];
        while (first != null && first.isCancelled()) {
            removeFirst(first);
            cancelled--;
            first = heap[0];
        }
        return first;
    }

    /** Moves the timers that are due to the ready queue, earliest first. */
    void moveDue(long now, ReadyQueue ready) {
        for (var first = first(); first != null && first.when <= now; first = first()) {
            removeFirst(first);
            ready.add(first);
        }
    }

    /** When the tasks that have a limit will be cancelled. The loop's thread, or another that takes what it gets. */
    Map<LoopTask<?>, Long> deadlines() {
        Map<LoopTask<?>, Long> deadlines = new HashMap<>();
        for (var timer : heap) {
            if (timer != null && !timer.isCancelled() && timer.limits() != null) {
                deadlines.merge(timer.limits(), timer.when, Math::min);
            }
        }
        return deadlines;
    }

    private void removeFirst(Timer first) {
        first.pending = false;
        var last = at(--size);
        heap[size] = null;
        if (size > 0) {
            siftDown(0, last);
        }
    }

    private void dropCancelled() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            var timer = at(i);
            if (timer.isCancelled()) {
                timer.pending = false;
            } else {
                heap[kept++] = timer;
            }
        }
        Arrays.fill(heap, kept, size, null);
        size = kept;
        cancelled = 0;
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i, at(i));
        }
    }

    private void siftUp(int hole, Timer timer) {
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            var above = at(parent);
            if (above.isBefore(timer)) {
                break;
            }
            heap[hole] = above;
            hole = parent;
        }
        heap[hole] = timer;
    }

    private void siftDown(int hole, Timer timer) {
        for (int child; (child = 2 * hole + 1) < size; ) {
            if (child + 1 < size && at(child + 1).isBefore(at(child))) {
                child++;
            }
            var below = at(child);
            if (timer.isBefore(below)) {
                break;
            }
            heap[hole] = below;
            hole = child;
        }
        heap[hole] = timer;
    }

    private Timer at(int index) {
        return Objects.requireNonNull(heap[index]);
    }
}
