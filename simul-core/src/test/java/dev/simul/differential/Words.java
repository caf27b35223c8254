package dev.simul.differential;

import dev.simul.CancelledError;
import dev.simul.Outcome;
import dev.simul.Task;
import dev.simul.sync.QueueShutDownException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/**
 * The words in which a trace tells what was thrown.
 *
 * <p>Python's TaskGroup throws a group, ours the first failure with the others suppressed in it. So a group is told by its
 * first member, and where a group ends by all of them: those that were suppressed since we last looked.
 */
final class Words {

    private final Map<Throwable, Integer> suppressed = new IdentityHashMap<>();

    static String of(Throwable error) {
        return switch (error) {
            case CancelledError e -> "Cancelled(" + (e.reason().startsWith("m") ? e.reason() : "") + ")";
            case TimeoutException _ -> "Timeout";
            case Boom e -> e.getMessage();
            case BrokenBarrierException _ -> "BrokenBarrier";
            case QueueShutDownException _ -> "QueueShutDown";
            case IllegalStateException _, IllegalArgumentException _ -> "Misuse";
            default -> "Unexpected " + error;
        };
    }

    /** How a task stands. */
    static String of(Task<?> task) {
        return switch (task.outcome()) {
            case null -> "pending";
            case Outcome.Returned<?>(var value) -> "returned(" + value + ")";
            case Outcome.Threw<?> threw -> "threw(" + of(threw.error()) + ")";
            case Outcome.Cancelled<?> _ -> "cancelled";
        };
    }

    /** An outcome among those of a gather. */
    static String inRow(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Returned<?>(var value) -> String.valueOf(value);
            case Outcome.Threw<?> threw -> of(threw.error());
            case Outcome.Cancelled<?>(var error) -> of(error);
        };
    }

    static boolean isOfKind(Throwable error, String kind) {
        return switch (kind) {
            case "cancelled" -> error instanceof CancelledError;
            case "timeout" -> error instanceof TimeoutException;
            case "error" -> error instanceof Exception;
            default -> true;
        };
    }

    /** Remembers what is suppressed in {@code error} by now. */
    void look(Throwable error) {
        suppressed.put(error, error.getSuppressed().length);
    }

    /** The members of what a group threw just now. */
    String ofGroup(Throwable error) {
        List<Throwable> members = new ArrayList<>();
        members.add(error);
        var all = List.of(error.getSuppressed());
        members.addAll(all.subList(Math.min(suppressed.getOrDefault(error, 0), all.size()), all.size()));
        look(error);
        return String.join(
                "+", new LinkedHashSet<>(members.stream().map(Words::of).toList()));
    }
}
