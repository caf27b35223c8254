package dev.simul.jobs;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which of its queues a worker serves next, when several have jobs.
 *
 * <p>{@link #DEFAULT}, {@link #ROUND_ROBIN} and {@link #RANDOM} are RQ's; a worker that runs many jobs at a time
 * takes them in fair shares where RQ would go from queue to queue.
 */
public final class DequeueStrategy {
    /** The first queue first: a later one only gets what the earlier ones leave. */
    public static final DequeueStrategy DEFAULT = new DequeueStrategy("default", Map.of());

    /** One after the other: the queue that was served last comes last. */
    public static final DequeueStrategy ROUND_ROBIN = new DequeueStrategy("round_robin", Map.of());

    /** In another order each time. */
    public static final DequeueStrategy RANDOM = new DequeueStrategy("random", Map.of());

    private final String name;
    private final Map<String, Integer> weights;

    private DequeueStrategy(String name, Map<String, Integer> weights) {
        this.name = name;
        this.weights = weights;
    }

    /**
     * In shares: of two queues that both have jobs, one of weight 3 has three run for each of one of weight 1. No
     * queue waits for ever, and no slot stays free for the sake of a share.
     *
     * @param weights by queue, from 1 to 1000; 1 for queues that are not named
     */
    public static DequeueStrategy weighted(Map<String, Integer> weights) {
        weights.forEach((queue, weight) -> {
            if (weight < 1 || weight > 1000) {
                throw new InvalidSettingException("the weight of queue " + queue, "must be between 1 and 1000", weight);
            }
        });
        return new DequeueStrategy("weighted", new LinkedHashMap<>(weights));
    }

    /**
     * The strategy that RQ's command line knows under that name.
     *
     * @param name {@code default}, {@code round_robin} or {@code random}
     * @throws IllegalArgumentException if it is another
     */
    public static DequeueStrategy of(String name) {
        return switch (name.toLowerCase(Locale.ROOT).replace('-', '_')) {
            case "default" -> DEFAULT;
            case "round_robin" -> ROUND_ROBIN;
            case "random" -> RANDOM;
            default ->
                throw new InvalidSettingException(
                        "a dequeue strategy", "is default, round_robin or random", "'" + name + "'");
        };
    }

    /** Its name, as {@link #of} takes it; {@code weighted} for shares. */
    public String name() {
        return name;
    }

    /**
     * A queue's share.
     *
     * @param queue its name
     * @return its weight, 1 if nobody has said
     */
    public int weight(String queue) {
        return weights.getOrDefault(queue, 1);
    }

    @Override
    public String toString() {
        return weights.isEmpty() ? name : name + weights;
    }
}
