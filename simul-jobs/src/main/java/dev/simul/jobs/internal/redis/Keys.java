package dev.simul.jobs.internal.redis;

/** The names of RQ's keys. */
public final class Keys {
    /** What every key begins with. */
    public static final String PREFIX = "rq:";

    public static final String QUEUES = PREFIX + "queues";
    public static final String WORKERS = PREFIX + "workers";
    public static final String SUSPENDED = PREFIX + "suspended";

    private Keys() {}

    public static String queue(String name) {
        return PREFIX + "queue:" + name;
    }

    /** Ids that no RQ program could load, put aside so that they harm nobody; our own addition. */
    public static String unreadable(String queue) {
        return queue(queue) + ":unreadable";
    }

    public static String started(String queue) {
        return PREFIX + "wip:" + queue;
    }

    public static String canceled(String queue) {
        return PREFIX + "canceled:" + queue;
    }

    public static String job(String id) {
        return PREFIX + "job:" + id;
    }

    public static String dependents(String id) {
        return job(id) + ":dependents";
    }

    /** Two colons: an old slip that has become part of the format. */
    public static String dependencies(String id) {
        return PREFIX + "job::" + id + ":dependencies";
    }

    public static String results(String id) {
        return PREFIX + "results:" + id;
    }

    public static String worker(String name) {
        return PREFIX + "worker:" + name;
    }

    public static String executions(String worker) {
        return worker(worker) + ":executions";
    }

    public static String workersOf(String queue) {
        return WORKERS + ":" + queue;
    }
}
