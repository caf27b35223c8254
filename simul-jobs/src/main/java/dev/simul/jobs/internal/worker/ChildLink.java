package dev.simul.jobs.internal.worker;

import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/** A child JVM's own way to Redis, for jobs that look at themselves; connected when the first one does. */
final class ChildLink {
    private static @Nullable ChildLink only; // guarded by the class; a child has one worker, which has one deployment

    private final JobSettings deployment;
    private @Nullable RedisLink redis; // guarded by this
    private @Nullable JobClient client; // guarded by this

    private ChildLink(JobSettings deployment) {
        this.deployment = deployment;
    }

    static synchronized ChildLink of(JobSettings deployment) {
        if (only == null) {
            only = new ChildLink(deployment);
        }
        return only;
    }

    LiveJob live(ReservedJob job, String worker) {
        return new LiveJob(this::redis, job, worker, this::client);
    }

    private synchronized RedisLink redis() {
        var open = redis;
        if (open == null) {
            redis = open = RedisLink.connect(deployment);
        }
        return open;
    }

    private synchronized JobClient client() {
        var open = client;
        if (open == null) {
            client = open = JobClient.connect(deployment);
        }
        return open;
    }
}
