package dev.simul.cli.compare;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * One way to run all units: opened, which is its cold cost, run as often as asked, and closed.
 *
 * <p>Thread: one, except for {@link #abandon}.
 */
sealed interface Way extends AutoCloseable permits SequentialWay, ProcessesWay, ThreadsWay, TurnsWay, LoopWay, JobsWay {

    /**
     * Starts what the way needs and practises, so that {@link #run} measures the work alone.
     *
     * @param units what will be run, to size things by
     */
    void open(List<String> units) throws Exception;

    /**
     * Runs all units; returns when each of them has been recorded.
     *
     * @throws Exception when the way itself failed; what was recorded until then still counts
     */
    void run(List<String> units, Recorder recorder) throws Exception;

    /** What runs the units, for the table: {@code 4 child JVMs}. */
    String setup();

    /** How often coroutines have taken turns since the way was opened; empty where the operating system switches. */
    default OptionalLong switches() {
        return OptionalLong.empty();
    }

    /** Removes what would outlive this JVM and all that it started, in the middle of a run. Any thread. */
    default void abandon() {}

    @Override
    void close() throws IOException;
}
