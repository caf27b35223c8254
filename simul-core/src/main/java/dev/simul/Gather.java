package dev.simul;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// asyncio.gather: the first failure ends the whole at once, while the siblings go on; a cancelled part counts as a
// failure with CancelledError; cancelling the whole cancels the parts, and the whole ends when they have, as a failure
// with CancelledError, too. Outcomes instead of results: then failures end nothing, and only the cancellation of the
// whole does. A task that is given several times is one part with several places in the list.
//
// Failures of parts count as seen: the first is the failure of the whole, and asyncio drops the others.

/** Several tasks as one. */
final class Gather<T extends @Nullable Object, E extends @Nullable Object> extends Completion<List<E>> {

    private final EventLoop loop;
    private final List<? extends Task<? extends T>> places;
    private final Collection<? extends Task<? extends T>> parts;
    private final boolean failsAtOnce;
    private final Function<Outcome<? extends T>, E> toElement;

    // Loop thread only
    private int endedParts;
    private boolean cancelling;
    private @Nullable String cancellation;

    private Gather(
            EventLoop loop,
            List<? extends Task<? extends T>> places,
            Collection<? extends Task<? extends T>> parts,
            boolean failsAtOnce,
            Function<Outcome<? extends T>, E> toElement) {
        this.loop = loop;
        this.places = places;
        this.parts = parts;
        this.failsAtOnce = failsAtOnce;
        this.toElement = toElement;
    }

    /** The results of new tasks: each is there once. */
    static <T extends @Nullable Object> Gather<T, T> resultsOfNew(EventLoop loop, List<LoopTask<T>> tasks) {
        return new Gather<T, T>(loop, tasks, tasks, true, Gather::result).begin();
    }

    static <T extends @Nullable Object> Gather<T, T> results(EventLoop loop, List<Task<? extends T>> tasks) {
        return new Gather<T, T>(loop, tasks, new LinkedHashSet<>(tasks), true, Gather::result).begin();
    }

    @SuppressWarnings("unchecked") // an outcome is only read
    static <T extends @Nullable Object> Gather<T, Outcome<T>> outcomes(
            EventLoop loop, List<? extends Task<? extends T>> tasks) {
        return new Gather<T, Outcome<T>>(
                        loop, tasks, new LinkedHashSet<>(tasks), false, outcome -> (Outcome<T>) outcome)
                .begin();
    }

    private static <T extends @Nullable Object> T result(Outcome<? extends T> outcome) {
        if (outcome instanceof Outcome.Returned<? extends T> returned) {
            return returned.value();
        }
        throw new AssertionError("a part that has not returned has ended the whole");
    }

    private Gather<T, E> begin() {
        if (parts.isEmpty()) {
            end(new Outcome.Returned<>(List.of()));
        }
        List<Task<? extends T>> ended = new ArrayList<>();
        for (var part : parts) {
            if (part.isDone()) {
                ended.add(part);
            } else {
                new LoopCallback(loop, () -> partEnded(part)).register(part);
            }
        }
        ended.forEach(this::partEnded);
        return this;
    }

    private void partEnded(Task<? extends T> part) {
        endedParts++;
        Outcome<? extends T> outcome = Completion.ended(part);
        var failure = switch (outcome) {
            case Outcome.Threw<? extends T> threw -> threw.error();
            case Outcome.Cancelled<? extends T>(CancelledError error) -> error;
            case Outcome.Returned<? extends T> _ -> null;
        };
        if (isDone()) {
            return;
        }
        if (failsAtOnce && failure != null) {
            failWith(failure);
        } else if (endedParts == parts.size()) {
            if (cancellation != null) {
                failWith(new CancelledError(cancellation));
            } else {
                List<E> elements = new ArrayList<>(places.size());
                places.forEach(place -> elements.add(toElement.apply(Completion.ended(place))));
                end(new Outcome.Returned<>(elements));
            }
        }
    }

    private boolean failWith(Throwable failure) {
        var outcome = new Outcome.Threw<List<E>>(failure);
        loop.failures.watch(this, outcome);
        return end(outcome);
    }

    @Override
    public boolean cancel(String reason) {
        if (isDone()) {
            return tooLateToCancel();
        }
        if (loop.isCurrent()) {
            return cancelNow(reason);
        }
        loop.enqueue(() -> cancelNow(reason));
        return true;
    }

    private boolean cancelNow(String reason) {
        if (isDone()) {
            return tooLateToCancel();
        }
        if (cancelling) {
            // A part waits for the task that waits for this: one of them has to give up waiting.
            return failWith(new CancelledError(reason));
        }
        cancelling = true;
        boolean accepted = false;
        for (var part : parts) {
            accepted |= part.cancel(reason);
        }
        cancelling = false;
        if (accepted) {
            cancellation = reason;
        }
        return accepted;
    }

    @Override
    public Collection<? extends Task<?>> dependsOn() {
        return parts;
    }

    @Override
    public State state() {
        return stateOr(State.WAITING);
    }

    @Override
    public String name() {
        return "gather of " + places.size();
    }
}
