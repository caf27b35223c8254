package dev.simul;

import java.util.concurrent.locks.LockSupport;

/** A thread, platform or virtual, that waits for the end of a task. */
final class ParkedThread implements Reaction {

    final Thread thread = Thread.currentThread();

    void await(Completion<?> task) throws InterruptedException {
        task.react(this);
        while (!task.isDone()) {
            LockSupport.park(task);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for task " + task.name());
            }
        }
    }

    @Override
    public void ended(Completion<?> task) {
        LockSupport.unpark(thread);
    }
}
