package dev.simul.test;

import dev.simul.ReadyStep;
import dev.simul.Task;
import org.jspecify.annotations.Nullable;

/** Something that could happen next in a test under a schedule: the same object as long as it could. */
final class Option {

    enum Kind {
        STEP,
        WAKE,
        TIME,
        CANCEL
    }

    final Kind kind;

    /** Who would be at work, in words that are the same in every run: see {@link Actors}. */
    final String actor;

    /** What a coroutine comes back from, else what ended. */
    final @Nullable Object subject;

    /** Null for a cancellation. */
    final @Nullable ReadyStep step;

    /** Whose cancellation this is, else null. */
    final @Nullable Task<?> victim;

    private Option(
            Kind kind, String actor, @Nullable Object subject, @Nullable ReadyStep step, @Nullable Task<?> victim) {
        this.kind = kind;
        this.actor = actor;
        this.subject = subject;
        this.step = step;
        this.victim = victim;
    }

    static Option of(ReadyStep step, String actor) {
        var kind = switch (step.kind()) {
            case START, RESUME, TIMER, CALLBACK -> Kind.STEP;
            case WAKE -> Kind.WAKE;
            case TIME -> Kind.TIME;
        };
        return new Option(kind, actor, step.subject(), step, null);
    }

    static Option cancelling(Task<?> victim, String actor) {
        return new Option(Kind.CANCEL, "x" + actor, null, null, victim);
    }
}
