package dev.simul.examples;

import static dev.simul.Async.on;
import static dev.simul.Async.run;

import dev.simul.Task;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/** Several threads share a counter, and a lock keeps them from treading on each other's toes. */
public final class ThreadsWithLock {
    private ThreadsWithLock() {}

    public static void main(String[] args) throws Exception {
        var counter = new Counter();
        try (var threads = Executors.newFixedThreadPool(4)) {
            run(() -> {
                var tasks = new ArrayList<Task<Integer>>();
                for (int number = 1; number <= 4; number++) {
                    tasks.add(on(threads, () -> countTo(10_000, counter)));
                }
                for (var task : tasks) {
                    System.out.println("a thread added " + task.await());
                }
            });
        }
        System.out.println("together: " + counter.value);
    }

    private static int countTo(int times, Counter counter) {
        for (int time = 0; time < times; time++) {
            counter.increment();
        }
        return times;
    }

    private static final class Counter {
        private final ReentrantLock lock = new ReentrantLock();
        private int value;

        void increment() {
            lock.lock();
            try {
                value++; // read, add, write: without the lock two threads would read the same
            } finally {
                lock.unlock();
            }
        }
    }
}
