package dev.simul.jobs.internal.redis;

import dev.simul.jobs.RedisUnavailableException;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Refuses, at the start, a server that cannot hold our queues. */
final class ServerCheck {
    private static final Pattern VERSION = Pattern.compile("(?m)^redis_version:((\\d+)\\.(\\d+)\\S*)");
    private static final Pattern CLUSTER = Pattern.compile("(?m)^(redis|server)_mode:cluster"); // Valkey says server
    private static final Pattern SENTINEL = Pattern.compile("(?m)^(redis|server)_mode:sentinel");
    private static final Pattern HASH_TAG = Pattern.compile("\\{[^}]+}");

    private ServerCheck() {}

    static void require(RedisLink redis) {
        String info;
        try {
            info = redis.await(redis.commands().info("server"));
        } catch (RedisUnavailableException e) {
            if (e.getCause() != null && Refusal.of(e.getCause()) != Refusal.NO_PERMISSION) {
                throw e;
            }
            return; // a user who may not ask must be believed
        }
        var refusal = refusal(info, redis.keys().prefix(), redis.address());
        if (refusal.isPresent()) {
            throw new RedisUnavailableException("Redis at " + redis.address() + " " + refusal.get(), null);
        }
        if (CLUSTER.matcher(info).find()) {
            redis.await(redis.commands().exists(redis.keys().queues())); // throws if it is the wrong node
        }
    }

    /** Why a server that describes itself so cannot hold our queues; empty if it can. */
    static Optional<String> refusal(String info, String prefix, String address) {
        var version = VERSION.matcher(info);
        if (version.find() && isOld(version.toMatchResult())) {
            return Optional.of("is version " + version.group(1) + "; Simul needs 6.2 or newer (or Valkey)");
        }
        if (SENTINEL.matcher(info).find()) {
            return Optional.of("is a sentinel; " + Trouble.sentinels(address));
        }
        if (CLUSTER.matcher(info).find() && !HASH_TAG.matcher(prefix).find()) {
            return Optional.of("is part of a cluster, over which RQ's keys would be scattered; give a Redis that is"
                    + " none, or a key prefix with a hash tag, such as {" + prefix
                    + "} (JobSettings.keyPrefix, --key-prefix or RQ_KEY_PREFIX), which keeps all keys on one node");
        }
        return Optional.empty();
    }

    private static boolean isOld(MatchResult version) {
        int major = Integer.parseInt(version.group(2));
        return major < 6 || (major == 6 && Integer.parseInt(version.group(3)) < 2);
    }
}
