package dev.simul.jobs.internal.worker;

import dev.simul.jobs.DequeueStrategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which order, and in which shares, the next jobs are taken from a worker's queues.
 *
 * <p>Thread: the worker's.
 */
final class QueueOrder {
    private final DequeueStrategy strategy;
    private final List<String> queues;

    /** For turns: the order of the next round. */
    private final List<Integer> turns = new ArrayList<>();

    /** For weights: how many jobs each queue is behind its share. */
    private final double[] behind;

    private final double total;

    QueueOrder(DequeueStrategy strategy, List<String> queues) {
        this.strategy = strategy;
        this.queues = queues;
        this.behind = new double[queues.size()];
        this.total = queues.stream().mapToInt(strategy::weight).sum();
        for (int i = 0; i < queues.size(); i++) {
            turns.add(i);
        }
    }

    /** From which queue, and how many jobs of it at first. */
    record Share(int queue, int jobs) {}

    /** The order for so many free slots; empty if it is the plain one, each queue giving all it has. */
    List<Share> next(int free) {
        if (queues.size() < 2) {
            return List.of();
        }
        return switch (strategy.name()) {
            case "default" -> List.of();
            case "random" -> {
                Collections.shuffle(turns);
                yield even(free);
            }
            case "weighted" -> weighted(free);
            default -> even(free);
        };
    }

    private List<Share> even(int free) {
        int each = Math.ceilDiv(free, queues.size());
        return turns.stream().map(queue -> new Share(queue, each)).toList();
    }

    private List<Share> weighted(int free) {
        var order = new ArrayList<>(turns);
        order.sort(Comparator.comparingDouble(queue -> -behind[queue] - share(queue)));
        return order.stream()
                .map(queue -> new Share(queue, Math.max(1, (int) Math.round(free * share(queue)))))
                .toList();
    }

    private double share(int queue) {
        return strategy.weight(queues.get(queue)) / total;
    }

    /** These were taken. */
    void took(List<ReservedJob> jobs) {
        if (jobs.isEmpty() || queues.size() < 2) {
            return;
        }
        switch (strategy.name()) {
            case "round_robin" -> {
                int last = queues.indexOf(jobs.getLast().queue());
                Collections.rotate(turns, -1 - turns.indexOf(last));
            }
            case "weighted" -> settle(jobs);
            default -> {
                // nothing to remember
            }
        }
    }

    /** What an empty queue does not take is not owed to it later: nobody is further behind than one full round. */
    private void settle(List<ReservedJob> jobs) {
        Map<String, Integer> taken = new HashMap<>();
        jobs.forEach(job -> taken.merge(job.queue(), 1, Integer::sum));
        for (int i = 0; i < behind.length; i++) {
            double now = behind[i] + jobs.size() * share(i) - taken.getOrDefault(queues.get(i), 0);
            behind[i] = Math.clamp(now, -total, 1);
        }
    }
}
