package dev.simul.jobs.internal.worker;

import dev.simul.TaskLocal;
import dev.simul.jobs.CurrentJob;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Where code finds the job that it is part of. */
public final class JobScope {
    private static final TaskLocal<@Nullable CurrentJob> CURRENT = TaskLocal.of("current job", null);

    private JobScope() {}

    /** The job whose scope the caller is in. */
    public static Optional<CurrentJob> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Calls the body, for which {@link #current} is that job. */
    public static <T extends @Nullable Object> T within(CurrentJob job, Callable<? extends T> body) throws Exception {
        return CURRENT.where(job, body);
    }
}
