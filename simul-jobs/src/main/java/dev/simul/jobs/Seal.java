package dev.simul.jobs;

import dev.simul.jobs.internal.seal.SealRing;
import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A signature on jobs, or their encryption, for a Redis that others can write to or read.
 *
 * {@snippet :
 * var settings = JobSettings.of(url).seal(Seal.encrypting("2026-11", secret).alsoReads("2026-05", oldSecret).required());
 * }
 *
 * <p>{@link #signing} leaves a job as it is and adds a signature of its data and id ({@code x_sig}, HMAC-SHA256), which Python
 * workers ignore. {@link #encrypting} (AES-256-GCM) hides function, arguments and result: Python workers and tools see bytes
 * that they cannot read, fail such a job and leave it untouched. Meta, description and tracebacks are never sealed; the
 * default description of an encrypted job is the function's name.
 *
 * <p>A seal says who has written a job, not how often it is to run: somebody who can write to Redis can enqueue a sealed job
 * a second time. To change keys, give workers the new one in {@link #alsoReads} first, then enqueue with it, and drop the
 * old one when no job carries it any more.
 *
 * <p>Immutable; never shows its keys.
 */
public final class Seal implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int LEAST_BYTES = 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final SealRing ring;

    private Seal(SealRing ring) {
        this.ring = ring;
    }

    /**
     * Signs what is enqueued.
     *
     * @param key the key's name, which stands in Redis: letters, digits, {@code . _ -}
     * @param secret at least 16 bytes that nobody can guess
     */
    public static Seal signing(String key, byte[] secret) {
        return new Seal(SealRing.of(requireName(key), requireLong(key, secret), false));
    }

    /** The same with a text, such as a variable of the environment holds. */
    public static Seal signing(String key, String secret) {
        return signing(key, secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Encrypts what is enqueued, and the results of such jobs.
     *
     * @param key the key's name, which stands in Redis: letters, digits, {@code . _ -}
     * @param secret at least 16 bytes that nobody can guess
     */
    public static Seal encrypting(String key, byte[] secret) {
        return new Seal(SealRing.of(requireName(key), requireLong(key, secret), true));
    }

    /** The same with a text, such as a variable of the environment holds. */
    public static Seal encrypting(String key, String secret) {
        return encrypting(key, secret.getBytes(StandardCharsets.UTF_8));
    }

    /** This seal, which also opens what was sealed with another key. */
    public Seal alsoReads(String key, byte[] secret) {
        return new Seal(ring.with(requireName(key), requireLong(key, secret)));
    }

    /** The same with a text. */
    public Seal alsoReads(String key, String secret) {
        return alsoReads(key, secret.getBytes(StandardCharsets.UTF_8));
    }

    /** This seal, without which a worker runs no job: one that is not sealed fails. */
    public Seal required() {
        return new Seal(ring.strict());
    }

    private static String requireName(String key) {
        if (!NAME.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "a key's name consists of 1 to 64 letters, digits and . _ -, was '" + key + "'");
        }
        return key;
    }

    private static byte[] requireLong(String key, byte[] secret) {
        if (secret.length < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "the secret of key " + key + " must have at least " + LEAST_BYTES + " bytes, had " + secret.length);
        }
        return secret.clone();
    }

    SealRing ring() {
        return ring;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Seal that " + ring;
    }
}
