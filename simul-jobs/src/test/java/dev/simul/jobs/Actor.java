package dev.simul.jobs;

import org.jspecify.annotations.Nullable;

/** Somebody who does what the steps of a {@link Sequence} say. */
interface Actor {
    /**
     * Does a step.
     *
     * @return what a look has shown, the word {@code refused} for a step that may not be done, else {@code ok}
     */
    @Nullable
    Object act(Sequence.Step step) throws Exception;
}
