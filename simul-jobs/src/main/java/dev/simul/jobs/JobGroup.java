package dev.simul.jobs;

import dev.simul.jobs.internal.redis.HexId;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name under which jobs of any queue, on any of the client's servers, are found together; RQ's {@code Group}.
 *
 * <p>A job joins when it is enqueued, here or with {@link JobOptions#group}, and leaves when it is deleted or expires. A
 * group without jobs does not exist.
 *
 * <p>Thread: any.
 */
public final class JobGroup {
    private final JobClient client;
    private final String name;

    JobGroup(JobClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** A name that nobody else has, for a group of one's own: 32 hexadecimal digits, as RQ gives. */
    public static String freshName() {
        return HexId.random();
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Enqueues many calls as members, as {@link JobQueue#enqueueMany(Collection)} does. */
    public <T extends @Nullable Object> List<Job<T>> enqueueMany(
            JobQueue queue, Collection<? extends JobRequest<? extends T>> requests) {
        return queue.with(o -> o.group(name)).enqueueMany(requests);
    }

    /** Enqueues a call as a member. */
    public <T extends @Nullable Object> Job<T> enqueue(JobQueue queue, JobRequest<T> request) {
        return queue.with(o -> o.group(name)).enqueue(request);
    }

    /** The ids of its jobs, in no particular order; those that no longer exist are taken out on the way, as in RQ. */
    public List<String> ids() {
        return client.members().stream()
                .flatMap(server -> ids(server.redis()).stream())
                .toList();
    }

    private List<String> ids(RedisLink redis) {
        var key = redis.keys().group(name);
        var members = redis.await(redis.commands().smembers(key)).stream()
                .map(Reply::text)
                .sorted()
                .toList();
        var exist = members.stream()
                .map(id -> redis.commands().exists(redis.keys().job(id)))
                .toList();
        var alive = new ArrayList<String>();
        var gone = new ArrayList<byte[]>();
        for (int i = 0; i < members.size(); i++) {
            if (redis.await(exist.get(i)) == 1) {
                alive.add(members.get(i));
            } else {
                gone.add(members.get(i).getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!gone.isEmpty()) {
            redis.await(redis.commands().srem(key, gone.toArray(byte[][]::new)));
        }
        return alive;
    }

    /** How many jobs it has. */
    public long size() {
        return ids().size();
    }

    /**
     * Its jobs.
     *
     * @param result what the functions' JSON results are read as
     */
    public <T> List<Job<T>> jobs(Class<T> result) {
        return ids().stream().flatMap(id -> client.job(id, result).stream()).toList();
    }

    /** Takes a job out of the group; the job itself stays. */
    public boolean remove(String id) {
        long removed = 0;
        for (var server : client.members()) {
            var redis = server.redis();
            removed +=
                    redis.await(redis.commands().srem(redis.keys().group(name), id.getBytes(StandardCharsets.UTF_8)));
        }
        return removed > 0;
    }

    /** The groups that have jobs, by name; names of others are taken out of RQ's list of groups on the way. */
    static List<JobGroup> all(JobClient client) {
        return client.members().stream()
                .flatMap(server -> names(server.redis()).stream())
                .distinct()
                .sorted()
                .map(name -> new JobGroup(client, name))
                .toList();
    }

    private static List<String> names(RedisLink redis) {
        var names = new ArrayList<String>();
        for (var bytes : redis.await(redis.commands().smembers(redis.keys().groups()))) {
            var name = Reply.text(bytes);
            if (redis.await(redis.commands().exists(redis.keys().group(name))) == 1) {
                names.add(name);
            } else {
                redis.await(redis.commands().srem(redis.keys().groups(), bytes));
            }
        }
        return names;
    }

    @Override
    public String toString() {
        return "group " + name;
    }
}
