package dev.simul.test;

/**
 * How a test's schedules are found.
 *
 * @see Interleavings#strategy()
 */
public enum Strategy {

    /** The others by turns, one seed each: what one of them does not find another may. */
    MIX,

    /** Any of the ready steps, each as likely: finds what many schedules show. */
    RANDOM,

    /**
     * A random order of the coroutines that is kept but for one to three moments, at which the one that runs goes to the end
     * of the order: finds what needs somebody to be held up for long.
     *
     * @see <a href="https://www.microsoft.com/en-us/research/publication/a-randomized-scheduler-with-probabilistic-guarantees-of-finding-bugs/">
     *     Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs</a>
     */
    PCT,

    /**
     * A random rank for each step, drawn again when a step that has to do with the same lock, queue, promise or task was
     * taken: orders of what depends on each other come out equally often, however many steps each coroutine has.
     *
     * @see <a href="https://link.springer.com/chapter/10.1007/978-3-319-96142-2_20">Yuan et al., Partial Order Aware
     *     Concurrency Sampling</a>
     */
    POS,

    /**
     * Every schedule, each once, those with the fewest departures from the loop's own order first. Ends early if there are no
     * more.
     */
    EXHAUSTIVE
}
