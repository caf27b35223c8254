package dev.simul.jobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is called, and how, by the jobs of a {@link RandomStory}. */
record RandomOptions(Dice dice, StoryJobs jobs) {
    private static final List<String> NEVER_FAIL = List.of("tasks.noop", "tasks.add", "tasks.note_meta");

    void call(String id, Map<String, Object> given) {
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
        var function =
                dice.chance(2) ? dice.one(List.of("tasks.noop", "tasks.boom")) : dice.one(List.copyOf(calls.keySet()));
        var arguments = calls.getOrDefault(function, List.of());
        given.put("function", function);
        if (!arguments.isEmpty()) {
            given.put("args", arguments);
        }
        if (function.equals("tasks.nobody_has_this")) {
            jobs.wordy.add(id);
        } else if (function.equals("tasks.again_later")) {
            jobs.waiting.add(id);
        }
    }

    /** Those that go with each other, and with every way to enqueue. */
    void plain(String id, Map<String, Object> given) {
        again(id, given);
        dice.option(7, given, "result_ttl", -1, 200);
        if (NEVER_FAIL.contains(String.valueOf(given.get("function"))) && !given.containsKey("repeat")) {
            dice.option(7, given, "result_ttl", 0); // of others rq 2 would leave the failures
        }
        dice.option(7, given, "failure_ttl", -1, 200);
        dice.option(9, given, "ttl", 900);
        dice.option(9, given, "timeout", 77, "2m");
        dice.option(9, given, "meta", Map.of("n", 1));
        dice.option(9, given, "description", "what it is");
        dice.option(9, given, "on_success", "tasks.succeeded", "tasks.boom", "tasks.nobody_has_this");
        dice.option(9, given, "on_failure", "tasks.went_wrong", "tasks.boom", "tasks.nobody_has_this");
        dice.option(12, given, "on_stopped", "tasks.stopped");
        dice.option(20, given, "webhook", "http://127.0.0.1:9/");
        if (given.containsKey("on_success") || given.containsKey("on_failure")) {
            jobs.wordy.add(id);
        }
    }

    private void again(String id, Map<String, Object> given) {
        if (dice.chance(3)) {
            given.put("retry", 1 + dice.below(2));
            dice.option(2, given, "intervals", 100, List.of(100, 200), List.of(0, 100));
            dice.option(3, given, "retry_at_front", true);
        }
        if (dice.chance(6)) {
            given.put("repeat", 1 + dice.below(2));
            dice.option(2, given, "interval", 100, List.of(100, 200));
            jobs.manifold.add(id); // among the finished ones and where it waits
        }
        if (given.containsKey("retry") || given.containsKey("repeat")) {
            jobs.tried.add(id);
        }
        if (given.containsKey("intervals") || given.containsKey("interval")) {
            jobs.waiting.add(id);
        }
    }

    /** A value that has to be refused, now and then. */
    void wrong(String id, Map<String, Object> given) {
        if (dice.chance(12)) {
            jobs.manifold.add(id); // nobody's parent
            switch (dice.below(4)) {
                case 0 -> given.put("retry", dice.one(List.of(0, -1)));
                case 1 -> given.put("ttl", 0);
                case 2 -> given.put("repeat", 0);
                default -> given.put("timeout", "soon");
            }
        }
    }

    void time(String id, Map<String, Object> given) {
        if (dice.chance(3)) {
            given.put("at", dice.one(List.of(1_000_000_000, 4_102_444_800L)));
        } else {
            given.put("within", dice.one(List.of(0, 100, 5000)));
        }
        dice.option(4, given, "at_front", true);
        dice.option(6, given, "unique", true);
        jobs.waiting.add(id);
    }
}
