package dev.simul.jobs.internal.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Lua script, sent by its digest and in full only to a Redis that has not seen it.
 *
 * <p>The files write every key as {@code rq:…}, our own as {@code simul:rq:…}; the deployment's prefix takes the place of
 * {@code rq} before the script is sent.
 */
public final class Script {
    public static final Script ENQUEUE =
            new Script("enqueue.lua", "job.lua", "unique.lua", "dependencies.lua", "enqueue_planned.lua");
    public static final Script CANCEL = new Script("job.lua", "withdraw.lua", "cancel.lua");
    public static final Script FORGET = new Script("job.lua", "withdraw.lua", "forget.lua");
    public static final Script REVIVE = new Script("job.lua", "revive.lua");
    public static final Script STOP = new Script("job.lua", "withdraw.lua", "stop.lua");
    public static final Script MEMBERS = new Script("members.lua");
    public static final Script SAVE_META = new Script("save_meta.lua");
    public static final Script PRUNE = new Script("prune.lua");
    public static final Script EMPTY = new Script("job.lua", "empty.lua");
    public static final Script COMPACT = new Script("compact.lua");
    public static final Script COUNT = new Script("count.lua");
    public static final Script WORKERS = new Script("workers.lua");
    public static final Script REGISTER = new Script("register.lua");
    public static final Script DEREGISTER = new Script("deregister.lua");
    public static final Script RESERVE = new Script("reserve.lua");
    public static final Script SYNCHRONOUS = new Script(List.of(
            function("enqueue", "enqueue.lua", "job.lua", "unique.lua", "dependencies.lua", "enqueue_planned.lua"),
            function("reserve", "reserve.lua"),
            read("synchronous.lua")));
    public static final Script FINISH = new Script("job.lua", "ending.lua", "finish.lua");
    public static final Script FAIL = new Script("job.lua", "ending.lua", "fail.lua");
    public static final Script RETRY = new Script("job.lua", "ending.lua", "retry.lua");
    public static final Script META = new Script("meta.lua");
    public static final Script GIVE_BACK = new Script("job.lua", "ending.lua", "to_front.lua", "give_back.lua");
    public static final Script RECLAIM = new Script("job.lua", "ending.lua", "to_front.lua", "reclaim.lua");
    public static final Script HEARTBEAT = new Script("heartbeat.lua");
    public static final Script LEASE = new Script("lease.lua");
    public static final Script ABANDONED = new Script("worker.lua", "abandoned.lua");
    public static final Script RESCUE = new Script("job.lua", "abandon.lua", "rescue.lua");
    public static final Script CLEAN = new Script("job.lua", "abandon.lua", "clean.lua");
    public static final Script FORGOTTEN = new Script("worker.lua", "forgotten.lua");
    public static final Script CLEAN_LIMITS = new Script("job.lua", "clean_limits.lua");
    public static final Script CLEAN_GROUP = new Script("clean_group.lua");
    public static final Script DUE = new Script("job.lua", "due.lua");
    public static final Script CRON = new Script("cron.lua");
    public static final Script CRON_HISTORY = new Script("cron_history.lua");
    public static final Script UNLOCK = new Script("unlock.lua");
    public static final Script DELETE = new Script("delete.lua");
    public static final Script LOOK = new Script("look.lua");

    private static final String PREFIX = "rq:"; // as the files write it

    private final String text;
    private final Map<String, Loaded> loaded = new ConcurrentHashMap<>();

    /** The script for one key prefix. */
    record Loaded(String text, String digest) {}

    /** The files are joined in this order, so that a script can use what an earlier file defines. */
    private Script(String... files) {
        this.text = joined(List.of(files));
    }

    private Script(List<String> texts) {
        this.text = String.join("", texts);
    }

    private static String joined(List<String> files) {
        var joined = new StringBuilder();
        for (var file : files) {
            joined.append(read(file));
        }
        return joined.toString();
    }

    /** A whole script as a function of another one. */
    private static String function(String name, String... files) {
        return "local function " + name + "(KEYS, ARGV)\n" + joined(List.of(files)) + "\nend\n";
    }

    Loaded with(String prefix) {
        return loaded.computeIfAbsent(prefix, p -> {
            var own = text.replace(PREFIX, p + ":");
            return new Loaded(own, sha1(own));
        });
    }

    private static String read(String file) {
        try (var in = Script.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("simul-jobs lacks its script " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            var sha1 = MessageDigest.getInstance("SHA-1");
            return HexFormat.of().formatHex(sha1.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
