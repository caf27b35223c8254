package dev.simul.jobs;

import java.util.Collection;
import java.util.List;

/** What a {@link RandomStory} has everybody look at. */
record RandomLooks(Dice dice, StoryJobs jobs, StoryWriter writer) {

    void look(String id, String queue, Collection<String> groups) {
        switch (dice.below(12)) {
            case 0, 1, 2 -> ended("look_job", id);
            case 3 -> writer.say("look_jobs", "ids", jobs.ids());
            case 4 -> ended("look_results", id);
            case 5 -> writer.say("look_executions", "id", id);
            case 6 -> writer.say("look_queue", "queue", queue);
            case 7 -> writer.say("look_place", "id", id, "queue", jobs.queueOf(id));
            case 8 -> writer.say("look_queues");
            case 9 -> writer.say("look_entries", "kind", kind(), "queue", queue);
            case 10 -> expiry(id);
            default -> {
                writer.say("look_groups");
                groups.forEach(group -> writer.say("look_group", "name", group));
            }
        }
    }

    private void ended(String verb, String id) {
        if (!jobs.wordy.contains(id)) {
            writer.say(verb, "id", id);
        }
    }

    /** Failures are kept so long that their moment is told to the second, and may be the next one. */
    private void expiry(String id) {
        var kind = kind();
        if (!kind.equals("failed")) {
            writer.say("look_expiry", "kind", kind, "id", id, "queue", jobs.queueOf(id));
        }
    }

    private String kind() {
        return dice.one(List.of("failed", "finished", "canceled", "scheduled", "deferred"));
    }
}
