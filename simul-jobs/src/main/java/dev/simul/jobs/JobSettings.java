package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RedisAddress;
import java.util.regex.Pattern;

/**
 * What every program of one deployment has to agree on: where Redis is, and how the keys there are named.
 *
 * <p>Immutable: {@code JobSettings.of("redis://localhost").keyPrefix("shop")}. A plain URL does where a deployment is one
 * Redis with RQ's own key names.
 */
public final class JobSettings {
    private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9_.:{}-]+");

    private final String url;
    private final String keyPrefix;

    private JobSettings(String url, String keyPrefix) {
        this.url = url;
        this.keyPrefix = keyPrefix;
    }

    /**
     * The settings of a deployment on one Redis.
     *
     * @param url {@code redis://[user:password@]host[:port][/db]}, or {@code rediss://} for TLS
     */
    public static JobSettings of(String url) {
        var _ = RedisAddress.parse(url); // refuses what is no URL here, where the caller's mistake is
        return new JobSettings(url, "rq");
    }

    /** Where Redis is; may hold a password. */
    public String url() {
        return url;
    }

    /** What every key of RQ begins with, before the first colon. */
    public String keyPrefix() {
        return keyPrefix;
    }

    /**
     * These settings with another key prefix; {@code rq} if not said. Python's RQ can be told the same since 3.0 (its
     * environment variable {@code RQ_KEY_PREFIX}); older ones only know {@code rq}.
     */
    public JobSettings keyPrefix(String prefix) {
        if (!KEY_PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException(
                    "keyPrefix consists of letters, digits and _ . : - { }, was '" + prefix + "'");
        }
        return new JobSettings(url, prefix);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Redis at " + RedisAddress.parse(url) + (keyPrefix.equals("rq") ? "" : ", keys " + keyPrefix + ":…");
    }
}
