package dev.simul.jobs;

import java.util.List;
import java.util.regex.Pattern;

/** What names must be like so that Redis, Python's workers and our own keys can bear them. */
final class Names {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

    private static final int LONGEST = 255;

    private Names() {}

    /**
     * Refuses names that are empty, that run on, or that Redis and Python could not hold as text.
     *
     * @param what it is, for the error
     */
    static String require(String what, String name) {
        if (name.isBlank() || name.length() > LONGEST || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidSettingException(
                    what,
                    "must have 1 to " + LONGEST + " characters, not all blank and no control characters",
                    shown(name));
        }
        return name;
    }

    private static String shown(String name) {
        return name.length() <= LONGEST
                ? "'" + name + "'"
                : "'" + name.substring(0, 40) + "…' (" + name.length() + " characters)";
    }

    static boolean isId(String id) {
        return ID.matcher(id).matches();
    }

    /** Refuses ids of jobs on which Python's workers would end. */
    static String requireId(String id) {
        if (!isId(id)) {
            throw new InvalidSettingException(
                    "a job id", "consists of letters, digits, '_' and '-'", shown(id), "Python workers refuse others");
        }
        return require("a job id", id);
    }

    /** Refuses what would break the worker's entry in Redis, or would be taken for a helper key of another queue. */
    static void requireQueue(String name) {
        if (name.isEmpty() || name.contains(",") || name.contains(":intermediate") || name.startsWith("_compact:")) {
            throw new InvalidSettingException(
                    "a queue name",
                    "must not be empty, contain a comma or ':intermediate', or begin with '_compact:'",
                    "'" + name + "'");
        }
        require("a queue name", name);
    }

    /** The same of all the queues that somebody serves, of which there has to be one. */
    static List<String> requireQueues(String who, String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException(who + " needs at least one queue");
        }
        for (var queue : names) {
            requireQueue(queue);
        }
        return List.of(names);
    }

    /**
     * Refuses names of workers and schedulers that RQ's tools could not show.
     *
     * @param kind of the one that has it, for the error
     */
    static void requireVisible(String kind, String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new InvalidSettingException(
                    "a " + kind + "'s name", "consists of visible ASCII characters", "'" + name + "'");
        }
    }
}
