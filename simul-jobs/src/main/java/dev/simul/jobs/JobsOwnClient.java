package dev.simul.jobs;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The client that a worker lends to the code of its jobs, connected when the first one asks. */
final class JobsOwnClient implements Supplier<JobClient>, AutoCloseable {
    private final JobSettings deployment;
    private @Nullable JobClient client; // guarded by this

    JobsOwnClient(JobSettings deployment) {
        this.deployment = deployment;
    }

    @Override
    public synchronized JobClient get() {
        var open = client;
        if (open == null || open.isClosed()) { // a job may have closed it, which must not harm the others
            client = open = JobClient.connect(deployment);
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
