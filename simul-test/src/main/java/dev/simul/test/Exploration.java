package dev.simul.test;

import java.util.Optional;

/**
 * What an {@link Explorer} has seen.
 *
 * @param runs how many times the body ran before a failure, if there was one, was taken apart
 * @param distinct how many of these runs took different courses
 * @param isComplete whether these were all schedules that there are
 * @param failure the first failure
 */
public record Exploration(int runs, int distinct, boolean isComplete, Optional<InterleavingFailure> failure) {

    /**
     * Itself, if nothing failed.
     *
     * @throws InterleavingFailure what failed
     */
    public Exploration orThrow() {
        failure.ifPresent(error -> {
            throw error;
        });
        return this;
    }

    @Override
    public String toString() {
        return runs
                + (runs == 1 ? " run, " : " runs, ")
                + distinct
                + (distinct == 1 ? " distinct schedule" : " distinct schedules")
                + (isComplete ? ", which are all" : "")
                + (failure.isPresent() ? ", the last one failed" : "");
    }
}
