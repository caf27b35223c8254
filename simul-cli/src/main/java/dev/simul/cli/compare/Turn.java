package dev.simul.cli.compare;

import dev.simul.Task;

/**
 * How a unit of work waits, and where it lets others go on: the only thing about it that depends on the way it is run.
 */
interface Turn {
    /** Waits as a thread waits, or as a loop coroutine does when called in one; never gives way on its own account. */
    Turn PLAIN = new Turn() {
        @Override
        public <T> T await(Task<T> task) throws Exception {
            return task.await();
        }

        @Override
        public void giveWay() {}
    };

    /** Waits for something that is under way. */
    <T> T await(Task<T> task) throws Exception;

    /** A moment in long computing at which others may go on. */
    void giveWay();
}
