package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
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

    /** All but keys of our own, which no RQ program knows. */
    private static final String READ = """
            local read = {hash = {'HGETALL'}, list = {'LRANGE', 0, -1}, set = {'SMEMBERS'}, string = {'GET'},
                zset = {'ZRANGE', 0, -1, 'WITHSCORES'}, stream = {'XRANGE', '-', '+'}}
            local all = {}
            for _, key in ipairs(redis.call('KEYS', '*')) do
                local type = redis.call('TYPE', key).ok
                if key:sub(1, 6) ~= 'simul:' then
                    local command, rest = read[type][1], {unpack(read[type], 2)}
                    all[#all + 1] = {key, type, redis.call('PTTL', key), redis.call(command, key, unpack(rest))}
                end
            end
            return all
            """;

    /** Reads it all, at one moment. The connection must map every byte to a character. */
    static KeySpace of(RedisCommands<String, String> redis) {
        var entries = new TreeMap<String, String>();
        for (var found : redis.<List<List<Object>>>eval(READ, ScriptOutputType.MULTI)) {
            read((String) found.get(0), (String) found.get(1), (Long) found.get(2), found.get(3), entries);
        }
        return new KeySpace(entries);
    }

    private static void read(String key, String type, long ttl, Object content, Map<String, String> entries) {
        var name = neutral(key);
        entries.put(name, type + ttl(ttl));
        switch (type) {
            case "hash" ->
                pairs(content, (field, value) -> {
                    if (!field.startsWith("x_")) {
                        entries.put(name + " ." + field, field(key, field, value));
                    }
                });
            case "list" -> entries.put(name + " []", content.toString());
            case "set" -> entries.put(name + " {}", neutral(new TreeSet<>((List<?>) content).toString()));
            case "zset" ->
                pairs(content, (member, score) -> entries.put(name + " @" + neutral(member), score(number(score))));
            case "stream" -> {
                int n = 0;
                for (var message : (List<?>) content) {
                    var at = name + " #" + ++n + ".";
                    pairs(
                            ((List<?>) message).getLast(),
                            (field, value) -> entries.put(at + field, result(field, value)));
                }
            }
            default -> entries.put(name + " =", neutral(content.toString()));
        }
    }

    private static void pairs(Object flat, BiConsumer<String, String> each) {
        var words = (List<?>) flat;
        for (int i = 0; i < words.size(); i += 2) {
            each.accept((String) words.get(i), (String) words.get(i + 1));
        }
    }

    private static String ttl(long millis) {
        return millis < 0 ? "" : ", ttl " + ahead(millis / 1000.0);
    }

    private static String ahead(double seconds) {
        return "<" + Math.round(seconds) + " s>";
    }

    private static double number(String score) {
        return score.equals("inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(score);
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
        return plain == null ? bytes : new String(plain, StandardCharsets.UTF_8);
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
        /** Whether it is another one, seen again some seconds later. */
        boolean repeats(Difference other) {
            return entry.equals(other.entry) && same(rq, other.rq) && same(simul, other.simul);
        }

        @Override
        public String toString() {
            return entry + ": rq " + rq + " | simul " + simul;
        }
    }
}
