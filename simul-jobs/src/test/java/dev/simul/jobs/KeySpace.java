package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Everything in one Redis as a table of short texts, comparable with another's: each key's type and time to live, each
 * field, each member with its score.
 *
 * <p>Moments to come become their distance to now and are equal to others within {@value #SLACK_SECONDS} seconds, execution
 * ids become {@code E}, what machine and language determine a question mark. So two programs that did the same thing at
 * about the same time have equal tables.
 */
record KeySpace(SortedMap<String, String> entries) {
    private static final int SLACK_SECONDS = 12;
    private static final Pattern AHEAD = Pattern.compile("<(-?\\d+) s>");
    private static final String MOMENT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z";

    /** Reads it all. The connection must map every byte to a character. */
    static KeySpace of(RedisCommands<String, String> redis) {
        var entries = new TreeMap<String, String>();
        for (var key : redis.keys("*")) {
            if (key.startsWith("simul:")) {
                continue; // keys of our own, which no RQ program knows
            }
            var name = neutral(key);
            var type = redis.type(key);
            entries.put(name, type + ttl(redis.pttl(key)));
            switch (type) {
                case "hash" ->
                    redis.hgetall(key).forEach((field, value) -> {
                        if (!field.startsWith("x_")) {
                            entries.put(name + " ." + field, field(key, field, value));
                        }
                    });
                case "list" ->
                    entries.put(name + " []", redis.lrange(key, 0, -1).toString());
                case "set" -> entries.put(name + " {}", neutral(new TreeSet<>(redis.smembers(key)).toString()));
                case "zset" ->
                    redis.zrangeWithScores(key, 0, -1)
                            .forEach(member ->
                                    entries.put(name + " @" + neutral(member.getValue()), score(member.getScore())));
                case "stream" -> {
                    int n = 0;
                    for (var message : redis.xrange(key, Range.unbounded())) {
                        var at = name + " #" + ++n + ".";
                        message.getBody().forEach((field, value) -> entries.put(at + field, result(field, value)));
                    }
                }
                default -> entries.put(name + " =", neutral(String.valueOf(redis.get(key))));
            }
        }
        return new KeySpace(entries);
    }

    private static String ttl(long millis) {
        return millis < 0 ? "" : ", ttl " + ahead(millis / 1000.0);
    }

    private static String ahead(double seconds) {
        return "<" + Math.round(seconds) + " s>";
    }

    private static String score(double score) {
        double ahead = score - System.currentTimeMillis() / 1000.0;
        return Math.abs(ahead) < 1e9 ? "now " + ahead(ahead) : String.valueOf(score);
    }

    private static boolean same(String a, String b) {
        if (!AHEAD.matcher(a).replaceAll("").equals(AHEAD.matcher(b).replaceAll(""))) {
            return false;
        }
        var left = AHEAD.matcher(a);
        var right = AHEAD.matcher(b);
        while (left.find() && right.find()) {
            if (Math.abs(Long.parseLong(left.group(1)) - Long.parseLong(right.group(1))) > SLACK_SECONDS) {
                return false;
            }
        }
        return true;
    }

    private static String field(String key, String field, String value) {
        if (key.startsWith("rq:worker:")
                && List.of("hostname", "ip_address", "pid", "python_version", "version")
                        .contains(field)) {
            return "?";
        }
        return switch (field) {
            case "data" -> inflated(value);
            case "total_working_time", "current_job_working_time" -> "seconds";
            default -> neutral(value);
        };
    }

    private static String result(String field, String value) {
        return switch (field) {
            // A traceback says what happened in its own language; that it is one is what both must agree on.
            case "exc_string" -> inflated(decoded(value)).isEmpty() ? "empty" : "traceback";
            case "return_value" -> decoded(value);
            default -> neutral(value);
        };
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    }

    private static String inflated(String bytes) {
        var plain = Zlib.inflate(bytes.getBytes(StandardCharsets.ISO_8859_1), 1 << 20);
        return new String(Objects.requireNonNull(plain), StandardCharsets.UTF_8);
    }

    private static String neutral(String text) {
        return text.replaceAll(MOMENT, "moment")
                .replaceAll("\\b[0-9a-f]{32}\\b", "E")
                .replaceAll("\\b1[0-9]{9}(\\.\\d{1,6})?\\b", "unix");
    }

    /** One line for each entry that is not the same in both: {@code entry: theirs | ours}. */
    List<Difference> differences(KeySpace ours) {
        var found = new ArrayList<Difference>();
        var all = new TreeSet<>(entries.keySet());
        all.addAll(ours.entries.keySet());
        for (var entry : all) {
            var theirs = entries.getOrDefault(entry, "-");
            var mine = ours.entries.getOrDefault(entry, "-");
            if (!same(theirs, mine)) {
                found.add(new Difference(entry, theirs, mine));
            }
        }
        return found;
    }

    /** An entry that is not the same in both; {@code -} stands for none. */
    record Difference(String entry, String rq, String simul) {
        @Override
        public String toString() {
            return entry + ": rq " + rq + " | simul " + simul;
        }
    }
}
