package dev.simul;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** First in, first out: the steps that can be taken now. A ring in an array; an entry costs no allocation. */
final class ReadyQueue {

    private @Nullable Step[] ring = new Step[64];
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Step step) {
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) & (ring.length - 1)] = step;
        size++;
    }

    /** The next step. Only while the queue is not empty. */
    Step remove() {
        var step = Objects.requireNonNull(ring[head]);
        ring[head] = null;
        head = (head + 1) & (ring.length - 1);
        size--;
        return step;
    }

    /** The step at a distance from the next one. */
    Step get(int index) {
        return Objects.requireNonNull(ring[(head + index) & (ring.length - 1)]);
    }

    /** Takes a step out of the middle: for tests only, it moves the others up. */
    Step remove(int index) {
        var step = get(index);
        for (int i = index; i > 0; i--) {
            ring[(head + i) & (ring.length - 1)] = get(i - 1);
        }
        remove();
        return step;
    }

    private void grow() {
        var larger = new Step[2 * ring.length];
        int first = ring.length - head;
        System.arraycopy(ring, head, larger, 0, first);
        System.arraycopy(ring, 0, larger, first, head);
        ring = larger;
        head = 0;
    }
}
