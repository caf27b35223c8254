package dev.simul.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * A moment in the life of a program that talks to Redis: at which of its commands it dies, and on which side of it.
 *
 * <p>Tests go through all of them, one after the other, until the program comes to its end by itself, so nobody has to
 * choose the moments that might matter.
 */
record KillPoint(int command, CommandCutter.Side side) {

    /** Lets a program die there; returns false if it has come to its end before. */
    interface Trial {
        boolean at(KillPoint point) throws Exception;
    }

    /**
     * Goes through all of them, on both sides of each command, as many at a time as there are trials.
     *
     * @param alike tells, when it is known, how many commands leave no trace outside Redis: after one of these is the same as
     *     before the next
     * @return how many commands there were
     */
    static int tryAll(IntSupplier alike, List<? extends Trial> trials) throws Exception {
        int commands = tryAll(trials, CommandCutter.Side.BEFORE, 1, Integer.MAX_VALUE);
        tryAll(trials, CommandCutter.Side.AFTER, 1 + alike.getAsInt(), commands);
        return commands;
    }

    private static int tryAll(List<? extends Trial> trials, CommandCutter.Side side, int from, int to)
            throws Exception {
        var next = new AtomicInteger(from);
        var work = new ArrayList<Callable<Integer>>();
        for (var trial : trials) {
            work.add(() -> {
                int last = from - 1;
                int command = next.getAndIncrement();
                while (command <= to && trial.at(new KillPoint(command, side))) {
                    last = command;
                    command = next.getAndIncrement();
                }
                return last;
            });
        }
        int last = 0;
        try (var threads = Executors.newFixedThreadPool(trials.size())) {
            for (Future<Integer> done : threads.invokeAll(work)) {
                last = Math.max(last, done.get());
            }
        }
        return last;
    }
}
