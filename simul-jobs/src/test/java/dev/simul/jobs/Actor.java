package dev.simul.jobs;

/** Somebody who does what the steps of a {@link Sequence} say. */
interface Actor {
    /**
     * Does a step.
     *
     * @return what a step that reads has found, the word {@code refused} for a step that may not be done, else {@code ok}
     */
    Object act(Sequence.Step step) throws Exception;
}
