package dev.simul.jobs.internal.redis;

/**
 * The names of RQ's keys, and of our own, in one deployment.
 *
 * @param prefix what every key of RQ begins with, before the first colon: {@code rq} unless somebody chose otherwise
 */
public record Keys(String prefix) {

    private String key(String rest) {
        return prefix + ":" + rest;
    }

    /** A key that no RQ program knows. */
    private String own(String rest) {
        return "simul:" + prefix + ":" + rest;
    }

    public String queues() {
        return key("queues");
    }

    public String workers() {
        return key("workers");
    }

    public String suspended() {
        return key("suspended");
    }

    public String queue(String name) {
        return key("queue:" + name);
    }

    /** Ids that no RQ program could load, put aside so that they harm nobody. */
    public String unreadable(String queue) {
        return own("unreadable:" + queue);
    }

    /** Where jobs wait that are run by the one who enqueues them. */
    public String synchronous(String caller) {
        return own("synchronous:" + caller);
    }

    /** Said of one queue what {@link #suspended} says of all. */
    public String paused(String queue) {
        return own("paused:" + queue);
    }

    /** How fast a queue may be worked off, as JSON; not there for no limits. */
    public String limits(String queue) {
        return own("limits:" + queue);
    }

    /** Exists while a worker of ours lives. */
    public String alive(String worker) {
        return own("alive:" + worker);
    }

    /** The workers of ours on a queue, scored with the moment until which each of them counts as alive. */
    public String ownWorkers(String queue) {
        return own("workers:" + queue);
    }

    /** Exists while somebody cleans up in the queue. */
    public String cleaningLock(String queue) {
        return key("clean_registries:" + queue);
    }

    /** Exists when somebody has cleaned up the groups lately. */
    public String groupsLock() {
        return key("clean_groups");
    }

    /** The names of RQ 3.0's rate limits. */
    public String rateLimits() {
        return key("rl-keys");
    }

    public String scheduler(String name) {
        return key("scheduler:" + name);
    }

    /** The names of cron jobs, scored with the last time each was enqueued. */
    public String cronJobs() {
        return key("cron_jobs");
    }

    /** The jobs that a cron job has brought about. */
    public String cronHistory(String name) {
        return key("cron_job:" + name + ":jobs");
    }

    /** Holds the name of the scheduler that moves the queue's due jobs. */
    public String schedulerLock(String queue) {
        return key("scheduler-lock:" + queue);
    }

    /** The registry of that name, such as {@code failed}. */
    public String registry(String registry, String queue) {
        return key(registry + ":" + queue);
    }

    public String started(String queue) {
        return registry("wip", queue);
    }

    public String canceled(String queue) {
        return registry("canceled", queue);
    }

    public String job(String id) {
        return key("job:" + id);
    }

    public String dependents(String id) {
        return job(id) + ":dependents";
    }

    /** Two colons: an old slip that has become part of the format. */
    public String dependencies(String id) {
        return key("job::" + id + ":dependencies");
    }

    public String groups() {
        return key("groups");
    }

    public String group(String name) {
        return key("group:" + name);
    }

    public String results(String id) {
        return key("results:" + id);
    }

    /** The attempts of a job that are under way; see {@link #executions} for those of a worker. */
    public String executionsOf(String job) {
        return key("executions:" + job);
    }

    public String execution(String job, String execution) {
        return key("execution:" + job + ":" + execution);
    }

    public String worker(String name) {
        return key("worker:" + name);
    }

    /** The channel on which a worker hears commands. */
    public String commands(String worker) {
        return key("pubsub:" + worker);
    }

    public String executions(String worker) {
        return worker(worker) + ":executions";
    }

    /** The channel on which a worker hears commands. */
    public String commandsOf(String worker) {
        return key("pubsub:" + worker);
    }

    public String intermediate(String queue) {
        return queue(queue) + ":intermediate";
    }

    public String cronSchedulers() {
        return key("cron_schedulers");
    }

    public String cronScheduler(String name) {
        return key("cron_scheduler:" + name);
    }

    public String workersOf(String queue) {
        return key("workers:" + queue);
    }
}
