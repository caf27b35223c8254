package dev.simul.differential;

import dev.simul.TaskLocal;
import dev.simul.sync.Barrier;
import dev.simul.sync.BoundedSemaphore;
import dev.simul.sync.Condition;
import dev.simul.sync.Event;
import dev.simul.sync.Lock;
import dev.simul.sync.Queue;
import dev.simul.sync.Semaphore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The locks, queues and such of a program, and the statements about them. */
final class Things {

    static final Map<String, TaskLocal<String>> VARIABLES =
            Map.of("v0", TaskLocal.of("v0", "0"), "v1", TaskLocal.of("v1", "0"));

    private final Map<String, Object> things = new HashMap<>();
    private final Map<String, Integer> counters = new HashMap<>();

    /** What a name stands for, by its letter; the number is how many permits it has, or how many items fit. */
    private @Nullable Object thing(String name, String kinds) {
        return name.matches("[a-z]\\d") && kinds.indexOf(name.charAt(0)) >= 0
                ? things.computeIfAbsent(name, _ -> make(name.charAt(0), name.charAt(1) - '0'))
                : null;
    }

    private static Object make(char kind, int number) {
        return switch (kind) {
            case 'l' -> new Lock();
            case 'e' -> new Event();
            case 'c' -> new Condition();
            case 's' -> new Semaphore(number);
            case 'b' -> new BoundedSemaphore(number);
            case 'd' -> new Barrier(number);
            case 'q' -> new Queue<Integer>(number);
            case 'f' -> Queue.<Integer>lifo(number);
            case 'h' -> Queue.<Integer>priority(number);
            default -> throw new AssertionError(kind);
        };
    }

    @SuppressWarnings("unchecked")
    private @Nullable Queue<Integer> queue(String name) {
        return (Queue<Integer>) thing(name, "qfh");
    }

    /** A statement that does not wait. */
    @Nullable
    Object act(Node node) {
        var name = node.wordAt(1, "");
        return switch (node.head()) {
            case "release" -> release(thing(name, "lcsb"));
            case "locked" -> isLocked(thing(name, "lcsb"));
            case "set", "clear" -> set((Event) thing(name, "e"), node.head().equals("set"));
            case "notify" -> {
                if (thing(name, "c") instanceof Condition condition) {
                    condition.signal(node.numberAt(2, 1));
                }
                yield null;
            }
            case "bump" -> counters.merge(name, 1, Integer::sum);
            default -> {
                var queue = queue(name);
                yield queue == null ? null : act(node, queue);
            }
        };
    }

    private static @Nullable Object act(Node node, Queue<Integer> queue) {
        switch (node.head()) {
            case "task-done" -> queue.taskDone();
            case "shutdown" -> queue.shutdown();
            case "shutdown-now" -> queue.shutdownNow();
            case "put-nowait" -> {
                return queue.tryPut(node.numberAt(2, 0));
            }
            case "get-nowait" -> {
                return queue.tryGet();
            }
            case "size" -> {
                return queue.size();
            }
            default -> throw new AssertionError(node);
        }
        return null;
    }

    private static @Nullable Object set(@Nullable Event event, boolean value) {
        if (event == null) {
            return null;
        }
        if (value) {
            event.set();
        } else {
            event.clear();
        }
        return null;
    }

    private static @Nullable Object isLocked(@Nullable Object thing) {
        return switch (thing) {
            case Lock lock -> lock.isLocked();
            case Condition condition -> condition.isLocked();
            case Semaphore semaphore -> semaphore.isLocked();
            case null, default -> null;
        };
    }

    private static @Nullable Object release(@Nullable Object thing) {
        switch (thing) {
            case Lock lock -> lock.release();
            case Condition condition -> condition.release();
            case Semaphore semaphore -> semaphore.release();
            case null, default -> {}
        }
        return null;
    }

    private static void acquire(@Nullable Object thing) {
        switch (thing) {
            case Lock lock -> lock.acquire();
            case Condition condition -> condition.acquire();
            case Semaphore semaphore -> semaphore.acquire();
            case null, default -> {}
        }
    }

    /** A block that holds something. */
    @Nullable
    Object with(Node node, Callable<@Nullable Object> block) throws Exception {
        var thing = thing(node.wordAt(1, ""), "lcsb");
        acquire(thing);
        try {
            return block.call();
        } finally { // and not try-with-resources: what release throws then counts, as in Python
            release(thing);
        }
    }

    /** A statement that may wait. */
    @Nullable
    Object wait(Node node) throws Exception {
        var name = node.wordAt(1, "");
        switch (node.head()) {
            case "acquire" -> acquire(thing(name, "lcsb"));
            case "wait-event" -> {
                if (thing(name, "e") instanceof Event event) {
                    event.await();
                }
            }
            case "wait-condition" -> {
                if (thing(name, "c") instanceof Condition condition) {
                    condition.await();
                }
            }
            case "wait-until" -> {
                if (thing(name, "c") instanceof Condition condition) {
                    condition.awaitFor(() -> counters.getOrDefault(name, 0) >= node.numberAt(2, 1));
                }
            }
            case "wait-barrier", "abort", "reset" -> {
                return thing(name, "d") instanceof Barrier barrier ? wait(node, barrier) : null;
            }
            default -> {
                var queue = queue(name);
                return queue == null ? null : wait(node, queue);
            }
        }
        return null;
    }

    private static @Nullable Object wait(Node node, Barrier barrier) throws BrokenBarrierException {
        switch (node.head()) {
            case "abort" -> barrier.abort();
            case "reset" -> barrier.reset();
            default -> {
                return barrier.await();
            }
        }
        return null;
    }

    private static @Nullable Object wait(Node node, Queue<Integer> queue) {
        switch (node.head()) {
            case "put" -> queue.put(node.numberAt(2, 0));
            case "get" -> {
                return queue.get();
            }
            case "join" -> queue.join();
            default -> throw new AssertionError(node);
        }
        return null;
    }
}
