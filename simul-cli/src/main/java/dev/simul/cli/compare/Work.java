package dev.simul.cli.compare;

/**
 * What is done for one unit.
 *
 * <p>One instance serves all units of a way in one JVM, from any thread. The answer is text, so that it means the same in
 * every process; two answers agree if their texts are equal.
 */
sealed interface Work extends AutoCloseable permits WordsWork, CpuWork, MixedWork, ExecWork, ClassWork {
    /** Does one unit. What it throws is that unit's failure. */
    String answer(String unit, Turn turn) throws Exception;

    /** What generators make of it: when they yield, or that they cannot overlap its units. */
    String inTurns();

    /**
     * Loads and compiles the code that the units need, so that the first way measured is not the one that pays.
     *
     * @param unit the first unit, in case there is nothing else to practise on
     */
    void warmUp(String unit) throws Exception;

    @Override
    default void close() {}
}
