package dev.simul.jobs;

import java.util.List;
import java.util.Map;

/** What other programs of a {@link RandomStory} leave, or somebody's hand, or a worker that was killed. */
record RandomLeftovers(Dice dice, StoryJobs jobs, StoryWriter writer) {
    private static final List<String> REGISTRIES = List.of("failed", "finished", "canceled");

    /** An entry of a registry is over. */
    void expired(int mine, String id) {
        writer.raw(mine, "ZADD", "rq:" + dice.one(REGISTRIES) + ":" + jobs.queueOf(id), "XX", "now-30", id);
        writer.raw(mine, "DEL", "rq:clean_registries:" + jobs.queueOf(id));
    }

    /** The time of a job has come, if it has one. */
    void due(String id) {
        var moment = "now-" + (5 + dice.below(9));
        writer.raw(writer.unit(), "ZADD", "rq:scheduled:" + jobs.queueOf(id), "XX", moment, id);
    }

    /** A job whose worker is gone. */
    void abandoned(int mine, String queue) {
        var given = StoryWriter.given("function", "tasks.noop");
        dice.option(3, given, "retry", 1);
        dice.option(3, given, "intervals", 100);
        var id = taken(mine, queue, given);
        jobs.parents.add(id); // so nobody overwrites it
        writer.raw(mine, "HSET", "rq:job:" + id, "status", "started", "worker_name", "gone");
        writer.raw(mine, "ZADD", "rq:wip:" + queue, "now-100", id + ":0123456789abcdef0123456789abcdef");
        writer.raw(mine, "DEL", "rq:clean_registries:" + queue);
    }

    /** A job that a worker of rq 3 has left between the end of its parent and its queue. */
    void ready(String queue) {
        int mine = writer.unit();
        var given = StoryWriter.given("function", "tasks.noop");
        dice.option(3, given, "ttl", 900);
        dice.option(2, given, "rate_limit", List.of("api", 1));
        var id = taken(mine, queue, given);
        jobs.manifold.add(id);
        writer.raw(mine, "HSET", "rq:job:" + id, "status", "ready_to_enqueue");
        if (dice.chance(3)) {
            writer.raw(mine, "HSET", "rq:job:" + id, "enqueue_at_front", "1");
        }
        writer.raw(mine, "ZADD", "rq:ready:" + queue, "now-5", id);
        writer.raw(mine, "DEL", "rq:clean_registries:" + queue);
    }

    /** A job that a worker has taken, and no more. */
    void stuck(String queue) {
        int mine = writer.unit();
        var id = taken(mine, queue, StoryWriter.given("function", "tasks.noop"));
        jobs.manifold.add(id);
        writer.raw(mine, "RPUSH", "rq:queue:" + queue + ":intermediate", id);
    }

    private String taken(int mine, String queue, Map<String, Object> options) {
        var id = jobs.add(queue);
        var given = StoryWriter.given("id", id, "queue", queue);
        given.putAll(options);
        writer.say(mine, "enqueue", given);
        writer.raw(mine, "LREM", "rq:queue:" + queue, "0", id);
        return id;
    }

    /** An id without a job where ids stand. */
    void ghost(String queue, String parent) {
        int mine = writer.unit();
        switch (dice.below(5)) {
            case 0 -> writer.raw(mine, "RPUSH", "rq:queue:" + queue, "ghost");
            case 1 -> writer.raw(mine, "ZADD", "rq:scheduled:" + queue, "now-20", "ghost");
            case 2 -> writer.raw(mine, "ZADD", "rq:" + dice.one(REGISTRIES) + ":" + queue, "now+100", "ghost");
            case 3 -> writer.raw(mine, "ZADD", "rq:deferred:" + queue, "now-20", "ghost");
            default -> writer.raw(mine, "SADD", "rq:job:" + parent + ":dependents", "ghost");
        }
    }

    /** Something of a job is not there, or there twice. */
    void damage(String id) {
        int mine = writer.unit();
        jobs.deleted.addAll(jobs.ids());
        var list = "rq:queue:" + jobs.queueOf(id);
        switch (dice.below(4)) {
            case 0 -> {
                jobs.vanished.add(id);
                writer.raw(mine, "DEL", "rq:job:" + id);
            }
            case 1 -> writer.raw(mine, "DEL", "rq:results:" + id);
            case 2 -> writer.raw(mine, "LREM", list, "0", id);
            default -> {
                if (!jobs.waiting.contains(id) && !jobs.parents.contains(id) && !jobs.manifold.contains(id)) {
                    jobs.manifold.add(id);
                    writer.raw(mine, "RPUSH", list, id);
                }
            }
        }
    }

    /** A field is not as it should be. */
    void odd(String id) {
        if (!jobs.has(id) || jobs.deleted.contains(id) || jobs.tried.contains(id)) {
            return; // it would be half a job, or rq would try in vain once more
        }
        int mine = writer.unit();
        jobs.wordy.add(id);
        switch (dice.below(7)) {
            case 0 -> writer.raw(mine, "HSET", "rq:job:" + id, "meta", "rubbish");
            case 1 -> writer.raw(mine, "HDEL", "rq:job:" + id, "description");
            case 2 -> writer.raw(mine, "HSET", "rq:job:" + id, "data", "rubbish");
            case 3 -> writer.raw(mine, "HSET", "rq:job:" + id, "webhooks", "{rubbish");
            case 4 -> writer.raw(mine, "SADD", "rq:workers:" + jobs.queueOf(id), "rq:worker:gone");
            case 5 -> writer.raw(mine, "HSET", "rq:job:" + id, "data", "[\"tasks.add\",null,[1,2],{}]");
            default -> writer.raw(mine, "HSET", "rq:job:" + id, "unheard_of", "1");
        }
    }
}
