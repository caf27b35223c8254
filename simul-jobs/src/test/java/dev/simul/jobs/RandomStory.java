package dev.simul.jobs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/**
 * A story that a number makes up, plausible here and hostile there.
 *
 * <p>It knows roughly what the jobs are at, so that most steps can be done. What it leaves out on purpose are the
 * matters in which Simul and rq differ for good (see {@code docs/rq-compatibility.md}), for one such step makes all
 * that comes after it differ as well, and moments so near that they may or may not be over.
 */
final class RandomStory {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> QUEUES = List.of("default", "high", "low");
    private static final List<String> REGISTRIES = List.of("failed", "finished", "canceled");
    private static final List<String> REQUEUED = List.of("failed", "failed", "finished", "canceled", "scheduled");
    private static final String EXECUTION = "0123456789abcdef0123456789abcdef";

    private final Random random;
    private final boolean rq3;
    private final List<StoryLine> lines = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();
    private final Map<String, String> queues = new LinkedHashMap<>(); // of jobs
    private final Set<String> held = new HashSet<>(); // run now, or have been
    private final Set<String> waiting = new HashSet<>(); // for parents or a time, as far as known
    private final Set<String> parents = new HashSet<>();
    private final Set<String> manifold = new HashSet<>(); // stand in several places at a time
    private final Set<String> children = new HashSet<>();
    private final Set<String> own = new HashSet<>(); // fail with words of each side's own
    private final Set<String> canceled = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Set<String> vanished = new HashSet<>(); // and nobody knows
    private final Set<String> groups = new HashSet<>();
    private boolean suspended;
    private boolean disturbed; // there is something to be cleaned up
    private boolean families; // with several parents
    private boolean begun; // some worker has run
    private boolean busy; // w1 holds a job
    private int unit;

    private RandomStory(long seed, boolean rq3) {
        this.random = new Random(seed * 31 + (rq3 ? 1 : 0));
        this.rq3 = rq3;
    }

    /** The story of that number, for rq 3 or what was before it. */
    static Story of(long seed, boolean rq3) {
        var story = new RandomStory(seed, rq3);
        int steps = 6 + story.random.nextInt(14);
        for (int i = 0; i < 2 + story.random.nextInt(3); i++) {
            story.enqueue();
        }
        while (story.unit < steps) {
            story.step();
        }
        story.say("work", "queues", QUEUES, "scheduler", true);
        return new Story("story " + seed + (rq3 ? " of rq 3" : " of rq 2"), story.lines);
    }

    private void step() {
        switch (random.nextInt(70)) {
            case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> enqueue();
            case 10, 11 -> many();
            case 12, 13, 14, 15, 16, 17, 18, 19 -> work();
            case 20, 21, 22, 23 -> due();
            case 24, 25, 26 -> cancel();
            case 27, 28 -> delete();
            case 29, 30, 31, 32 -> requeue();
            case 33, 34 -> say("remove", "id", quiet(), "queue", queue());
            case 35 -> empty();
            case 36 -> say("compact", "queue", queue());
            case 37, 38 -> saveMeta();
            case 39 -> suspend();
            case 40, 41, 42, 43 -> hold();
            case 44, 45 -> expire();
            case 46 -> abandon();
            case 47 -> ghost();
            case 48, 49, 50 -> damage();
            case 51 -> spare();
            case 52 -> {
                if (!begun) { // rq says of a job only whether some worker has had it
                    say("stop", "id", quiet());
                }
            }
            case 53 -> ready();
            case 54 -> stuck();
            case 55 -> odd();
            default -> look();
        }
    }

    // Who asks

    private void enqueue() {
        var id = freshId();
        boolean again = queues.containsKey(id);
        var given = new LinkedHashMap<String, Object>();
        given.put("id", id);
        function(id, given);
        var queue = again ? queueOf(id) : queue(); // in two lists it would be run from the wrong one
        if (again) {
            manifold.add(id);
        }
        if (!queue.equals("default")) {
            given.put("queue", queue);
        }
        options(id, false, !again, given);
        if (again) {
            // as it is
        } else if (chance(4) && !ids.isEmpty()) {
            dependencies(id, given);
        } else if (chance(6)) {
            time(id, given);
        } else {
            if (chance(5)) {
                given.put("at_front", true);
            }
            if (chance(9)) {
                given.put("unique", true);
            }
        }
        say("enqueue", given);
        added(id, queue);
    }

    /** Mostly a new one; an old one only where it stands nowhere but in a list or at its end. */
    private String freshId() {
        if (chance(8)) {
            var old = ids.stream()
                    .filter(id -> !waiting.contains(id) && !parents.contains(id) && !held.contains(id))
                    .filter(id -> !canceled.contains(id) && !manifold.contains(id)) // rq leaves it where it stands
                    .filter(id -> rq3 || !gone.contains(id))
                    .toList();
            if (!old.isEmpty()) {
                return one(old);
            }
        }
        return String.valueOf((char) ('a' + queues.size()));
    }

    private void added(String id, String queue) {
        if (queues.put(id, queue) == null) {
            ids.add(id);
        }
        gone.remove(id);
        unit++;
    }

    private void function(String id, Map<String, Object> given) {
        var calls = new LinkedHashMap<String, List<Object>>();
        calls.put("tasks.noop", List.of());
        calls.put("tasks.add", List.of(1, 2));
        calls.put("tasks.boom", List.of("x"));
        calls.put("tasks.once_broken", List.of(id));
        calls.put("tasks.broken_the_second_time", List.of(id));
        calls.put("tasks.note_meta", List.of("k", 1));
        calls.put("tasks.again", List.of(1));
        calls.put("tasks.again_later", List.of(2, 100));
        calls.put("tasks.nobody_has_this", List.of());
        var function = chance(2) ? one(List.of("tasks.noop", "tasks.boom")) : one(List.copyOf(calls.keySet()));
        given.put("function", function);
        if (function.equals("tasks.nobody_has_this")) {
            own.add(id);
        }
        var arguments = calls.getOrDefault(function, List.of());
        if (!arguments.isEmpty()) {
            given.put("args", arguments);
        }
    }

    private void options(String id, boolean batch, boolean limits, Map<String, Object> given) {
        if (chance(3)) {
            given.put("retry", 1 + random.nextInt(2));
            if (chance(2)) {
                given.put("intervals", one(List.of(100, List.of(100, 200), List.of(0, 100))));
            }
            if (chance(3)) {
                given.put("retry_at_front", true);
            }
        }
        if (chance(6)) {
            given.put("repeat", 1 + random.nextInt(2));
            manifold.add(id);
            if (chance(2)) {
                given.put("interval", one(List.of(100, List.of(100, 200))));
                waiting.add(id);
            }
        }
        if (given.get("intervals") != null || "tasks.again_later".equals(given.get("function"))) {
            waiting.add(id);
        }
        option(7, given, "result_ttl", -1, 0, 200);
        option(7, given, "failure_ttl", -1, 200);
        option(9, given, "ttl", 900);
        option(9, given, "timeout", 77, "2m");
        option(9, given, "meta", Map.of("n", 1));
        option(9, given, "description", "what it is");
        option(9, given, "on_success", "tasks.succeeded", "tasks.boom", "tasks.nobody_has_this");
        option(9, given, "on_failure", "tasks.went_wrong", "tasks.boom", "tasks.nobody_has_this");
        option(12, given, "on_stopped", "tasks.stopped");
        option(20, given, "webhook", "http://127.0.0.1:9/");
        if (given.containsKey("on_success") || given.containsKey("on_failure")) {
            own.add(id);
        }
        if (rq3 && limits) {
            disturbed = true;
            option(3, given, "rate_limit", List.of("api", 1), List.of("api", 2), List.of("mail", 1));
        }
        if (!batch) {
            option(40, given, "retry", 0);
            option(40, given, "ttl", 0);
        }
    }

    private void option(int one, Map<String, Object> given, String name, Object... values) {
        if (chance(one)) {
            given.put(name, one(List.of(values)));
        }
    }

    private void dependencies(String id, Map<String, Object> given) {
        var possible = ids.stream()
                .filter(parent -> !parent.equals(id) && !manifold.contains(parent)) // it would be released twice
                .toList();
        var after = new ArrayList<String>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            var parent = possible.isEmpty() || chance(12) ? "ghost" : one(possible);
            if (!after.contains(parent)) {
                after.add(parent);
            }
        }
        given.put("after", after);
        children.add(id);
        if ((rq3 || !begun) && chance(3)) {
            given.put("allow_failure", true);
        }
        if (!begun && gone.isEmpty() && !after.contains("ghost")) { // else rq forgets it
            option(5, given, "after_at_front", true);
        }
        families |= after.size() > 1;
        parents.addAll(after);
        waiting.add(id);
    }

    private void time(String id, Map<String, Object> given) {
        if (chance(3)) {
            given.put("at", one(List.of(1_000_000_000, 4_102_444_800L)));
        } else {
            given.put("within", one(List.of(0, 100, 5000)));
        }
        option(4, given, "at_front", true);
        waiting.add(id);
    }

    private void many() {
        var jobs = new ArrayList<Object>();
        var queue = queue();
        boolean family = chance(4) && !begun;
        var before = ids.stream().filter(id -> !manifold.contains(id)).toList();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            var id = String.valueOf((char) ('a' + queues.size()));
            var given = new LinkedHashMap<String, Object>();
            function(id, given);
            var function = given.remove("function");
            var arguments = given.containsKey("args") ? given.remove("args") : List.of();
            options(id, true, false, given); // rq has no limits in batches
            if (family && !before.isEmpty() && chance(2)) {
                given.put("after", List.of(one(before)));
                parents.addAll(before);
                waiting.add(id);
                children.add(id);
            } else if (chance(4)) {
                given.put("at_front", true);
            }
            jobs.add(List.of(id, function, arguments, given));
            queues.put(id, queue);
            ids.add(id);
        }
        if (chance(2)) {
            say("many", "jobs", jobs, "queue", queue);
        } else {
            var group = chance(2) ? "g" : "h";
            groups.add(group);
            int mine = unit++;
            var given = new LinkedHashMap<String, Object>();
            given.put("name", group);
            given.put("jobs", jobs);
            given.put("queue", queue);
            add(mine, "group", given);
            raw(mine, "DEL", "rq:clean_groups"); // which ours has not set, while there were none
        }
    }

    private void cancel() {
        var id = quiet();
        if (manifold.contains(id)) {
            return; // rq leaves it in other registries
        }
        var given = new LinkedHashMap<String, Object>(Map.of("id", id));
        option(3, given, "dependents", true);
        canceled.add(id);
        say("cancel", given);
    }

    private void delete() {
        var id = quiet();
        if (manifold.contains(id) || children.contains(id)) {
            return; // rq leaves it in other registries, and with its parents
        }
        var given = new LinkedHashMap<String, Object>(Map.of("id", id));
        if (!families) { // else rq leaves the children with their other parents
            option(4, given, "dependents", true);
        }
        gone.addAll(ids);
        say("delete", given);
    }

    private void requeue() {
        var id = known();
        if (vanished.contains(id) || children.contains(id) && canceled.contains(id)) {
            return; // rq leaves its entry; and queues it once more when its parent ends
        }
        var given = new LinkedHashMap<String, Object>();
        given.put("id", id);
        given.put("registry", one(REQUEUED));
        given.put("queue", chance(8) ? queue() : queueOf(id));
        option(4, given, "at_front", true);
        say("requeue", given);
    }

    private void empty() {
        if (!busy) {
            gone.addAll(ids);
            say("empty", "queue", queue());
        }
    }

    private void saveMeta() {
        say("save_meta", "id", known(), "meta", Map.of(one(List.of("n", "m")), random.nextInt(9)));
    }

    private void suspend() {
        if (!suspended && !busy) {
            suspended = true;
            int mine = unit++;
            add(mine, "suspend_all", chance(2) ? Map.of() : Map.of("seconds", 600));
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                step();
            }
            add(mine, "resume_all", Map.of());
            suspended = false;
        }
    }

    // Who works

    private void work() {
        if (suspended && disturbed) { // only ours cleans up then
            return;
        }
        var given = new LinkedHashMap<String, Object>();
        given.put("queues", several());
        if (busy) {
            given.put("name", "w2");
        }
        option(2, given, "max_jobs", 1, 1, 2, 3);
        option(4, given, "scheduler", true);
        begun = true;
        say("work", given);
    }

    /** Some job of a time is due now. */
    private void due() {
        if (suspended) {
            return;
        }
        var id = known();
        raw("ZADD", "rq:scheduled:" + queueOf(id), "XX", "now-" + (5 + random.nextInt(9)), id);
        if (chance(2)) {
            var given = new LinkedHashMap<String, Object>(Map.of("queues", several(), "scheduler", true));
            if (busy) {
                given.put("name", "w2");
            }
            option(2, given, "max_jobs", 1);
            begun = true;
            say("work", given);
        }
    }

    /** A job runs while other things happen. */
    private void hold() {
        if (busy || suspended) {
            return;
        }
        int mine = unit++;
        var id = String.valueOf((char) ('a' + queues.size()));
        var queue = queue();
        var given = new LinkedHashMap<String, Object>();
        given.put("id", id);
        given.put("function", one(List.of("tasks.hold", "tasks.hold", "tasks.hold_and_boom")));
        given.put("args", List.of(id));
        given.put("queue", queue);
        option(3, given, "retry", 1);
        option(3, given, "intervals", 100);
        option(5, given, "repeat", 1);
        option(5, given, "result_ttl", 0, -1);
        option(6, given, "on_failure", "tasks.went_wrong");
        option(6, given, "on_stopped", "tasks.stopped");
        option(2, given, "at_front", true);
        add(mine, "enqueue", given);
        queues.put(id, queue);
        held.add(id);
        busy = true;
        begun = true;
        var served = new ArrayList<>(several());
        if (!served.contains(queue)) {
            served.add(queue);
        }
        add(mine, "start", Map.of("id", id, "queues", served));
        ids.add(id);
        parents.add(id);
        for (int i = 0; i < random.nextInt(4); i++) {
            step();
        }
        int end = random.nextInt(6);
        if (end < 2) {
            own.add(id);
        }
        switch (end) {
            case 0 -> {
                add(mine, "stop", Map.of("id", id));
                add(mine, "await_end", Map.of());
            }
            case 1 -> {
                add(mine, "kill_horse", Map.of());
                add(mine, "await_end", Map.of());
            }
            case 2 -> {
                add(mine, "shutdown", Map.of());
                add(mine, "finish", Map.of("id", id));
            }
            default -> add(mine, "finish", Map.of("id", id));
        }
        busy = false;
    }

    // What other programs, or none, leave

    /** An entry of a registry is over. */
    private void expire() {
        var id = quiet();
        raw("ZADD", "rq:" + one(REGISTRIES) + ":" + queueOf(id), "XX", "now-30", id);
        raw("DEL", "rq:clean_registries:" + queue());
    }

    /** A job whose worker is gone. */
    private void abandon() {
        if (suspended) {
            return;
        }
        int mine = unit++;
        var id = String.valueOf((char) ('a' + queues.size()));
        var queue = queue();
        var given = new LinkedHashMap<String, Object>(Map.of("id", id, "function", "tasks.noop", "queue", queue));
        option(3, given, "retry", 1);
        option(3, given, "intervals", 100);
        add(mine, "enqueue", given);
        queues.put(id, queue);
        ids.add(id);
        parents.add(id);
        raw(mine, "LREM", "rq:queue:" + queue, "0", id);
        raw(mine, "HSET", "rq:job:" + id, "status", "started", "worker_name", "gone");
        raw(mine, "ZADD", "rq:wip:" + queue, "now-100", id + ":" + EXECUTION);
        raw(mine, "DEL", "rq:clean_registries:" + queue);
        var worker = new LinkedHashMap<String, Object>(Map.of("queues", QUEUES));
        if (busy) {
            worker.put("name", "w2");
        }
        begun = true;
        add(mine, "work", worker);
    }

    /** A queue that is deleted with what waits in it. */
    private void spare() {
        int mine = unit++;
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            var given = new LinkedHashMap<String, Object>();
            given.put("id", "s" + unit + i);
            given.put("function", "tasks.noop");
            given.put("queue", "spare");
            option(4, given, "at_front", true);
            option(4, given, "ttl", 900);
            add(mine, "enqueue", given);
        }
        add(mine, "delete_queue", Map.of("queue", "spare"));
    }

    /** A job that a worker of rq 3 has left between the end of its parent and its queue. */
    private void ready() {
        if (!rq3 || suspended) {
            return;
        }
        int mine = unit++;
        var id = String.valueOf((char) ('a' + queues.size()));
        var queue = queue();
        var given = new LinkedHashMap<String, Object>(Map.of("id", id, "function", "tasks.noop", "queue", queue));
        option(3, given, "ttl", 900);
        option(2, given, "rate_limit", List.of("api", 1));
        add(mine, "enqueue", given);
        queues.put(id, queue);
        ids.add(id);
        manifold.add(id);
        raw(mine, "LREM", "rq:queue:" + queue, "0", id);
        raw(mine, "HSET", "rq:job:" + id, "status", "ready_to_enqueue");
        if (chance(3)) {
            raw(mine, "HSET", "rq:job:" + id, "enqueue_at_front", "1");
        }
        raw(mine, "ZADD", "rq:ready:" + queue, "now-5", id);
        raw(mine, "DEL", "rq:clean_registries:" + queue);
    }

    /** A job that a worker has taken, and no more. */
    private void stuck() {
        int mine = unit++;
        var id = String.valueOf((char) ('a' + queues.size()));
        var queue = queue();
        add(mine, "enqueue", new LinkedHashMap<>(Map.of("id", id, "function", "tasks.noop", "queue", queue)));
        queues.put(id, queue);
        ids.add(id);
        manifold.add(id);
        raw(mine, "LREM", "rq:queue:" + queue, "0", id);
        raw(mine, "RPUSH", "rq:queue:" + queue + ":intermediate", id);
    }

    /** What does no harm, or should not. */
    private void odd() {
        var id = quiet();
        if (queues.containsKey(id) && !gone.contains(id)) {
            own.add(id);
            switch (random.nextInt(6)) {
                case 0 -> raw("HSET", "rq:job:" + id, "meta", "rubbish");
                case 1 -> raw("HDEL", "rq:job:" + id, "description");
                case 2 -> raw("HSET", "rq:job:" + id, "data", "rubbish");
                case 3 -> raw("HSET", "rq:job:" + id, "webhooks", "{rubbish");
                case 4 -> raw("SADD", "rq:workers:" + queueOf(id), "rq:worker:gone");
                default -> raw("HSET", "rq:job:" + id, "unheard_of", "1");
            }
        }
    }

    /** Ids without jobs where ids stand. */
    private void ghost() {
        var queue = queue();
        switch (random.nextInt(5)) {
            case 0 -> raw("RPUSH", "rq:queue:" + queue, "ghost");
            case 1 -> raw("ZADD", "rq:scheduled:" + queue, "now-20", "ghost");
            case 2 -> raw("ZADD", "rq:" + one(REGISTRIES) + ":" + queue, "now+100", "ghost");
            case 3 -> raw("ZADD", "rq:deferred:" + queue, "now-20", "ghost");
            default -> raw("SADD", "rq:job:" + known() + ":dependents", "ghost");
        }
    }

    private void damage() {
        var id = quiet();
        gone.addAll(ids);
        switch (random.nextInt(5)) {
            case 0 -> {
                raw("DEL", "rq:job:" + id);
                vanished.add(id);
            }
            case 1 -> raw("DEL", "rq:results:" + id);
            case 2 -> {
                if (!waiting.contains(id) && !parents.contains(id)) {
                    manifold.add(id);
                    raw("RPUSH", "rq:queue:" + queueOf(id), id);
                }
            }
            case 3 -> raw("SREM", "rq:queues", "rq:queue:" + queue());
            default -> raw("LREM", "rq:queue:" + queueOf(id), "0", id);
        }
    }

    // Who looks

    private void look() {
        var id = known();
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                if (!own.contains(id)) {
                    say("look_job", "id", id);
                }
            }
            case 3 -> say("look_jobs", "ids", ids);
            case 4 -> {
                if (!own.contains(id)) {
                    say("look_results", "id", id);
                }
            }
            case 5 -> say("look_executions", "id", id);
            case 6 -> say("look_queue", "queue", queue());
            case 7 -> say("look_place", "id", id, "queue", queueOf(id));
            case 8 -> say("look_queues");
            case 9 -> say("look_entries", "kind", kind(), "queue", queue());
            case 10 -> say("look_expiry", "kind", kind(), "id", id, "queue", queueOf(id));
            default -> {
                say("look_groups");
                groups.forEach(group -> say("look_group", "name", group));
            }
        }
    }

    private String kind() {
        return one(List.of("failed", "finished", "canceled", "scheduled", "deferred"));
    }

    // Choices

    private boolean chance(int one) {
        return random.nextInt(one) == 0;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String queue() {
        return chance(2) ? "default" : one(QUEUES);
    }

    private String queueOf(String id) {
        return queues.getOrDefault(id, "default");
    }

    /** One only if all ids have jobs: rq leaves others in its intermediate list. */
    private List<String> several() {
        if (chance(4) && gone.isEmpty() && !disturbed) {
            return List.of(queue());
        }
        var all = new ArrayList<>(QUEUES);
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, 2 + random.nextInt(2)));
    }

    private String known() {
        return chance(20) || ids.isEmpty() ? "nobody" : one(ids);
    }

    /** One that does not run. */
    private String quiet() {
        var id = known();
        return busy && held.contains(id) ? "nobody" : id;
    }

    // Lines

    private void say(String verb, Object... pairs) {
        var given = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            given.put((String) pairs[i], pairs[i + 1]);
        }
        say(verb, given);
    }

    private void say(String verb, Map<String, Object> given) {
        add(unit++, verb, given);
    }

    private void raw(String... command) {
        raw(unit++, command);
    }

    private void raw(int mine, String... command) {
        disturbed = true;
        add(mine, "raw", Map.of("command", List.of(command)));
    }

    private void add(int mine, String verb, Map<String, Object> given) {
        var text = new StringBuilder(verb);
        given.forEach((name, value) -> text.append(' ')
                .append(name)
                .append('=')
                .append(JSON.writeValueAsString(value).replace(' ', '_')));
        lines.add(new StoryLine(mine, text.toString()));
    }
}
