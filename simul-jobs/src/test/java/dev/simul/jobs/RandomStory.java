package dev.simul.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A story that a number makes up, plausible here and hostile there.
 *
 * <p>It knows roughly what the jobs are at, so that most steps can be done. What it leaves out on purpose are the
 * matters in which Simul and rq differ for good (see {@code docs/rq-compatibility.md}), for one such step makes all
 * that comes after it differ as well, and moments so near that they may or may not be over.
 */
final class RandomStory {
    private static final List<String> QUEUES = List.of("default", "high", "low");

    private final boolean rq3;
    private final Dice dice;
    private final StoryJobs jobs = new StoryJobs();
    private final StoryWriter writer = new StoryWriter();
    private final RandomOptions options;
    private final RandomLeftovers leftovers;
    private final RandomLooks looks;
    private final TreeSet<String> groups = new TreeSet<>();
    private boolean suspended;
    private boolean untidy; // there may be something to be cleaned up
    private boolean families; // children with several parents
    private boolean begun; // some worker has run
    private boolean busy; // w1 holds a job

    private RandomStory(long seed, boolean rq3) {
        this.rq3 = rq3;
        this.dice = Dice.of(seed * 31 + (rq3 ? 1 : 0));
        this.options = new RandomOptions(dice, jobs);
        this.leftovers = new RandomLeftovers(dice, jobs, writer);
        this.looks = new RandomLooks(dice, jobs, writer);
    }

    /** The story of that number, for rq 3 or what was before it. */
    static Story of(long seed, boolean rq3) {
        return new RandomStory(seed, rq3).written("story " + seed + (rq3 ? " of rq 3" : " of rq 2"));
    }

    private Story written(String title) {
        int length = 8 + dice.below(20);
        for (int i = 0; i < 2 + dice.below(3); i++) {
            enqueue();
        }
        while (writer.length() < length) {
            step();
        }
        writer.say("work", "queues", QUEUES, "scheduler", true);
        return writer.story(title);
    }

    private void step() {
        switch (dice.below(64)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> enqueue();
            case 10, 11 -> many();
            case 12, 13, 14, 15, 16, 17, 18, 19 -> work();
            case 20, 21, 22, 23 -> due();
            case 24, 25, 26 -> cancel();
            case 27, 28 -> delete();
            case 29, 30, 31, 32 -> requeue();
            case 33 -> writer.say("remove", "id", quiet(), "queue", queue());
            case 34 -> empty();
            case 35 -> writer.say("compact", "queue", queue());
            case 36, 37 -> saveMeta();
            case 38 -> suspend();
            case 39, 40, 41, 42 -> hold();
            case 43 -> deleteQueue();
            case 44 -> stop();
            case 45, 46, 47, 48, 49, 50 -> leave();
            default -> looks.look(known(), queue(), groups);
        }
    }

    // Who asks

    private void enqueue() {
        var old = dice.chance(8) ? overwritable() : List.<String>of();
        if (!old.isEmpty()) {
            overwrite(dice.one(old));
            return;
        }
        var queue = queue();
        var before = jobs.ids();
        var id = jobs.add(queue);
        var given = StoryWriter.given("id", id, "queue", queue);
        options.call(id, given);
        options.plain(id, given);
        options.wrong(id, given);
        if (rq3 && dice.chance(3)) {
            untidy = true;
            given.put("rate_limit", dice.one(List.of(List.of("api", 1), List.of("api", 2), List.of("mail", 1))));
        }
        if (dice.chance(4)) {
            dependencies(id, queue, before, given);
        } else if (dice.chance(6)) {
            options.time(id, given);
        } else {
            dice.option(5, given, "at_front", true);
            dice.option(9, given, "unique", true);
        }
        writer.say(writer.unit(), "enqueue", given);
    }

    /** Those that stand nowhere but in a list or at their end, for elsewhere rq leaves them. */
    private List<String> overwritable() {
        return jobs.ids().stream()
                .filter(id -> !jobs.waiting.contains(id) && !jobs.parents.contains(id) && !jobs.held.contains(id))
                .filter(id -> !jobs.canceled.contains(id) && !jobs.manifold.contains(id))
                .filter(id -> rq3 || !jobs.deleted.contains(id)) // earlier, the results stay
                .toList();
    }

    private void overwrite(String id) {
        jobs.manifold.add(id);
        var given = StoryWriter.given("id", id, "queue", jobs.queueOf(id)); // from another it would be run twice
        options.call(id, given);
        options.plain(id, given);
        given.remove("result_ttl", 0); // what it has left before would stay in rq 2
        dice.option(4, given, "unique", true);
        writer.say(writer.unit(), "enqueue", given);
    }

    private void dependencies(String id, String queue, List<String> before, Map<String, Object> given) {
        var possible = before.stream()
                .filter(parent -> !jobs.manifold.contains(parent)) // it would release its child twice
                .filter(parent -> !jobs.siblings.contains(parent + " " + queue)) // rq lets them go in any order
                .toList();
        var after = new TreeSet<String>();
        for (int i = 0; i < 1 + dice.below(2); i++) {
            after.add(possible.isEmpty() || dice.chance(12) ? "ghost" : dice.one(possible));
        }
        given.put("after", after);
        if (rq3 || !begun) { // else it may wait for ever
            dice.option(3, given, "allow_failure", true);
        }
        if (!begun && jobs.deleted.isEmpty() && !after.contains("ghost")) { // else rq forgets it
            dice.option(5, given, "after_at_front", true);
        }
        families |= after.size() > 1;
        after.forEach(parent -> jobs.bind(parent, id));
    }

    private void many() {
        var queue = queue();
        var before = jobs.ids().stream()
                .filter(parent -> !jobs.manifold.contains(parent) && !jobs.siblings.contains(parent + " " + queue))
                .toList();
        boolean family = dice.chance(4) && !begun && !before.isEmpty();
        var batch = new ArrayList<Object>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            batch.add(member(jobs.add(queue), family && i == 0 ? before : List.of()));
        }
        int mine = writer.unit();
        if (dice.chance(2)) {
            writer.say(mine, "many", "jobs", batch, "queue", queue);
        } else {
            var group = dice.one(List.of("g", "h"));
            groups.add(group);
            writer.say(mine, "group", "name", group, "jobs", batch, "queue", queue);
        }
    }

    private List<Object> member(String id, List<String> parents) {
        var given = new LinkedHashMap<String, Object>();
        options.call(id, given);
        var function = given.remove("function");
        var arguments = given.containsKey("args") ? given.remove("args") : List.of();
        options.plain(id, given);
        if (!parents.isEmpty()) {
            given.remove("ttl"); // which begins later before rq 3
            var parent = dice.one(parents);
            given.put("after", List.of(parent));
            jobs.bind(parent, id);
        } else {
            dice.option(4, given, "at_front", true);
        }
        return List.of(id, function, arguments, given);
    }

    private void cancel() {
        var id = quiet();
        if (!jobs.manifold.contains(id)) {
            var given = StoryWriter.given("id", id);
            if (!begun) { // else rq would queue those again that have gone on
                dice.option(3, given, "dependents", true);
            }
            jobs.canceled.add(id);
            writer.say(writer.unit(), "cancel", given);
        }
    }

    private void delete() {
        var id = quiet();
        if (!jobs.manifold.contains(id) && !jobs.children.contains(id)) { // rq leaves children with their parents
            var given = StoryWriter.given("id", id);
            if (!families) {
                dice.option(4, given, "dependents", true);
            }
            jobs.deleted.addAll(jobs.ids());
            writer.say(writer.unit(), "delete", given);
        }
    }

    private void requeue() {
        var id = known();
        if (jobs.vanished.contains(id) || (jobs.children.contains(id) && jobs.canceled.contains(id))) {
            return; // rq leaves the entry of the one, and queues the other once more when its parent ends
        }
        var registry = dice.one(List.of("failed", "failed", "finished", "canceled", "scheduled"));
        var queue = dice.chance(8) ? queue() : jobs.queueOf(id);
        var given = StoryWriter.given("id", id, "registry", registry, "queue", queue);
        dice.option(4, given, "at_front", true);
        writer.say(writer.unit(), "requeue", given);
    }

    private void empty() {
        if (!busy) {
            jobs.deleted.addAll(jobs.ids());
            writer.say("empty", "queue", queue());
        }
    }

    /** One in which jobs only wait: of others rq leaves some. */
    private void deleteQueue() {
        int mine = writer.unit();
        for (int i = 0; i < 1 + dice.below(2); i++) {
            var given = StoryWriter.given("id", "spare" + mine + i, "queue", "spare", "function", "tasks.noop");
            dice.option(4, given, "at_front", true);
            dice.option(4, given, "ttl", 900);
            writer.say(mine, "enqueue", given);
        }
        writer.say(mine, "delete_queue", "queue", "spare");
    }

    private void saveMeta() {
        var id = known();
        if (!jobs.wordy.contains(id)) { // rq stumbles over what it cannot read
            writer.say("save_meta", "id", id, "meta", Map.of(dice.one(List.of("n", "m")), dice.below(9)));
        }
    }

    private void stop() {
        if (!begun) { // later, rq only knows that some worker has had it
            writer.say("stop", "id", quiet());
        }
    }

    private void suspend() {
        if (!suspended && !busy) {
            suspended = true;
            int mine = writer.unit();
            writer.say(mine, "suspend_all", dice.chance(2) ? Map.of() : Map.of("seconds", 600));
            for (int i = 0; i < 1 + dice.below(3); i++) {
                step();
            }
            writer.say(mine, "resume_all");
            suspended = false;
        }
    }

    // Who works

    private void work() {
        if (!suspended || !untidy) { // only ours cleans up while it is suspended
            burst(writer.unit(), served(), dice.chance(4));
        }
    }

    private void burst(int mine, List<String> served, boolean scheduler) {
        var given = StoryWriter.given("queues", served);
        if (busy) {
            given.put("name", "w2");
        }
        dice.option(2, given, "max_jobs", 1, 1, 2, 3);
        if (scheduler) {
            given.put("scheduler", true);
        }
        begun = true;
        cleanGroups(mine);
        writer.say(mine, "work", given);
    }

    /** Of the lock on it rq 2 knows nothing, and ours is not set while there are none. */
    private void cleanGroups(int mine) {
        if (!groups.isEmpty()) {
            writer.raw(mine, "DEL", "rq:clean_groups");
        }
    }

    private void due() {
        if (!suspended) {
            untidy = true;
            leftovers.due(known());
            if (dice.chance(2)) {
                burst(writer.unit(), served(), true);
            }
        }
    }

    /** A job runs while other things happen. */
    private void hold() {
        if (busy || suspended) {
            return;
        }
        int mine = writer.unit();
        var served = served();
        var queue = dice.one(served);
        var id = jobs.add(queue);
        var function = dice.one(List.of("tasks.hold", "tasks.hold", "tasks.hold_and_boom"));
        var given = StoryWriter.given("id", id, "function", function, "args", List.of(id), "queue", queue);
        dice.option(3, given, "retry", 1);
        dice.option(3, given, "intervals", 100);
        dice.option(5, given, "result_ttl", 200, -1);
        dice.option(6, given, "on_failure", "tasks.went_wrong");
        dice.option(6, given, "on_stopped", "tasks.stopped");
        dice.option(2, given, "at_front", true);
        boolean late = dice.chance(9);
        if (late) {
            given.put("timeout", 1);
        }
        writer.say(mine, "enqueue", given);
        cleanGroups(mine);
        writer.say(mine, "start", "id", id, "queues", served);
        jobs.held.add(id);
        begun = true;
        if (late) {
            jobs.wordy.add(id);
            writer.say(mine, "await_end");
            return;
        }
        busy = true;
        for (int i = 0; i < dice.below(4); i++) {
            step();
        }
        end(mine, id);
        busy = false;
    }

    private void end(int mine, String id) {
        switch (dice.below(6)) {
            case 0 -> {
                jobs.wordy.add(id);
                writer.say(mine, "stop", "id", id);
                writer.say(mine, "await_end");
            }
            case 1 -> {
                jobs.wordy.add(id);
                writer.say(mine, "kill_horse");
                writer.say(mine, "await_end");
            }
            case 2 -> {
                writer.say(mine, "shutdown");
                writer.say(mine, "finish", "id", id);
            }
            default -> writer.say(mine, "finish", "id", id);
        }
    }

    // What is left by others

    private void leave() {
        if (suspended) {
            return;
        }
        untidy = true;
        switch (dice.below(8)) {
            case 0 -> {
                int mine = writer.unit();
                leftovers.abandoned(mine, queue());
                burst(mine, QUEUES, false);
            }
            case 1 -> {
                int mine = writer.unit();
                leftovers.expired(mine, quiet());
                burst(mine, QUEUES, false); // cleans it up; until then we do not list it, and rq does
            }
            case 2 -> leftovers.ghost(queue(), known());
            case 3 -> leftovers.stuck(queue());
            case 4 -> {
                if (!begun) { // else it may be none any more, and become half a job
                    leftovers.odd(quiet());
                }
            }
            case 5 -> {
                if (rq3) {
                    leftovers.ready(queue());
                }
            }
            default -> leftovers.damage(quiet());
        }
    }

    // Choices

    private String queue() {
        return dice.chance(2) ? "default" : dice.one(QUEUES);
    }

    /** One only if all ids have jobs: rq leaves others in its intermediate list. */
    private List<String> served() {
        if (dice.chance(4) && !untidy && jobs.deleted.isEmpty()) {
            return List.of(queue());
        }
        return List.copyOf(dice.shuffled(QUEUES).subList(0, 2 + dice.below(2)));
    }

    private String known() {
        var ids = jobs.ids();
        return dice.chance(20) || ids.isEmpty() ? "nobody" : dice.one(ids);
    }

    /** One that does not run. */
    private String quiet() {
        var id = known();
        return busy && jobs.held.contains(id) ? "nobody" : id;
    }
}
