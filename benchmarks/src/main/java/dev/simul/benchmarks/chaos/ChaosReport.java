package dev.simul.benchmarks.chaos;

import dev.simul.benchmarks.chaos.ChaosPlan.Fault;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What was left after the storm.
 *
 * @param finished jobs whose one final state is that they have finished
 * @param failed jobs whose one final state is that they have failed
 * @param lost jobs in no final state, or in more than one, or that did not end as planned; with where they were found
 * @param finishedTwice jobs with more than one success on record
 * @param runs how often functions ran; above {@code jobs}, for retries and because delivery is at least once
 * @param planned how many runs the plan had without faults
 * @param recoverySecondsMax the longest time until the last job of a killed or paused worker was taken away from it
 * @param faults how many of each kind
 */
record ChaosReport(
        int jobs,
        int finished,
        int failed,
        List<String> lost,
        List<String> finishedTwice,
        long runs,
        long planned,
        double recoverySecondsMax,
        double seconds,
        Map<Fault, Integer> faults) {

    /** Whether nothing was lost and nothing finished twice. */
    boolean isClean() {
        return lost.isEmpty() && finishedTwice.isEmpty();
    }

    String json(long seed) {
        return String.format(
                Locale.ROOT,
                "{\"jobs\": %d, \"seed\": %d, \"finished\": %d, \"failed\": %d, \"lost\": %d, \"finishedTwice\": %d,"
                        + " \"runs\": %d, \"runsPlanned\": %d, \"recoverySecondsMax\": %.1f, \"seconds\": %.1f,"
                        + " \"faults\": {%s}}",
                jobs,
                seed,
                finished,
                failed,
                lost.size(),
                finishedTwice.size(),
                runs,
                planned,
                recoverySecondsMax,
                seconds,
                faults.entrySet().stream()
                        .map(fault -> "\"" + fault.getKey().name().toLowerCase(Locale.ROOT) + "\": " + fault.getValue())
                        .collect(Collectors.joining(", ")));
    }
}
