package dev.simul.jobs;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a {@link RandomStory} roughly knows of its jobs. */
final class StoryJobs {
    /** Stand, or may stand, in several places at a time; rq takes such a job out of one of them only. */
    final Set<String> manifold = new HashSet<>();

    /** Wait for parents or for a time, or may do so. */
    final Set<String> waiting = new HashSet<>();

    final Set<String> children = new HashSet<>();
    final Set<String> parents = new HashSet<>();
    final Set<String> siblings = new HashSet<>(); // parent and queue of children
    final Set<String> tried = new HashSet<>(); // several times, perhaps
    final Set<String> held = new HashSet<>(); // run in the background, or have done so
    final Set<String> canceled = new HashSet<>();
    final Set<String> deleted = new HashSet<>(); // perhaps
    final Set<String> vanished = new HashSet<>(); // for certain, without a trace
    final Set<String> wordy = new HashSet<>(); // fail with words that each side has of its own

    private final Map<String, String> queues = new LinkedHashMap<>();

    /** A new one. */
    String add(String queue) {
        var id = nameOf(queues.size());
        queues.put(id, queue);
        return id;
    }

    /** Lets one wait for another. */
    void bind(String parent, String child) {
        parents.add(parent);
        children.add(child);
        waiting.add(child);
        siblings.add(parent + " " + queueOf(child));
    }

    private static String nameOf(int number) {
        return number < 26 ? String.valueOf((char) ('a' + number)) : "z" + number;
    }

    List<String> ids() {
        return List.copyOf(queues.keySet());
    }

    boolean has(String id) {
        return queues.containsKey(id);
    }

    String queueOf(String id) {
        return queues.getOrDefault(id, "default");
    }
}
