package dev.simul;

/** Carries the checked exception of a task through code that may not throw one; see {@link Task#join()}. */
public final class TaskFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Wraps what the task threw.
     *
     * @param taskName the name of the task that failed
     * @param cause what its work threw
     */
    public TaskFailedException(String taskName, Throwable cause) {
        super("task " + taskName + " failed: " + cause, cause);
    }
}
