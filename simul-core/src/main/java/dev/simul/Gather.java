package dev.simul;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

// asyncio.gather: the first failure ends the whole at once, while the siblings go on; a cancelled part counts as a
// failure with CancelledError; cancelling the whole cancels the parts, and the whole ends when they have.

/** Several tasks of a loop as one. Loop thread only. */
final class Gather<T extends @Nullable Object> extends Completion<List<T>> {

    private final List<LoopTask<T>> parts;
    private int endedParts;
    private boolean cancelling;
    private @Nullable String cancellation;

    Gather(EventLoop loop, List<LoopTask<T>> parts) {
        this.parts = parts;
        if (parts.isEmpty()) {
            end(new Outcome.Returned<>(List.of()));
        }
        for (var part : parts) {
            part.react(new LoopCallback(loop, () -> partEnded(part.ended())));
        }
    }

    private void partEnded(Outcome<T> outcome) {
        endedParts++;
        switch (outcome) {
            case Outcome.Threw<T> threw -> end(new Outcome.Threw<>(threw.error()));
            case Outcome.Cancelled<T>(CancelledError error) -> end(new Outcome.Threw<>(error));
            case Outcome.Returned<T> _ when endedParts < parts.size() -> {}
            case Outcome.Returned<T> _
            when cancellation != null -> end(new Outcome.Threw<>(new CancelledError(cancellation)));
            case Outcome.Returned<T> _ -> end(new Outcome.Returned<>(results()));
        }
    }

    private List<T> results() {
        List<T> results = new ArrayList<>(parts.size());
        for (var part : parts) {
            if (part.outcome() instanceof Outcome.Returned<T>(T value)) {
                results.add(value);
            }
        }
        return results;
    }

    @Override
    public boolean cancel(String reason) {
        if (isDone()) {
            return false;
        }
        if (cancelling) {
            // A part waits for the task that waits for this: one of them has to give up waiting.
            return end(new Outcome.Threw<>(new CancelledError(reason)));
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
        return "gather of " + parts.size();
    }
}
