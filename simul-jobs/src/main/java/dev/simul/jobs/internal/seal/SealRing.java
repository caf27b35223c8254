package dev.simul.jobs.internal.seal;

import java.io.Serial;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which jobs are signed or encrypted, the newest first.
 *
 * <p>Signatures are HMAC-SHA256, encryption is AES-256-GCM with a random nonce; both are bound to the job's id. The keys for
 * the two are derived from the secret, so that neither ever works on the other's input. Encrypted data is {@code SEAL1}, the
 * length of the key's name, the name, twelve bytes of nonce, and what the cipher gave.
 */
public final class SealRing implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final byte[] MAGIC = "SEAL1".getBytes(StandardCharsets.US_ASCII);
    private static final String TEXT = "simul-sealed:";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Bytes rather than the JDK's keys, which a child JVM would not let in. */
    private static final class Key implements Serializable {
        @Serial
        private static final long serialVersionUID = 1;

        private final byte[] signing;
        private final byte[] encrypting;

        Key(byte[] secret) {
            this.signing = hmac(secret, bytes("simul sign"));
            this.encrypting = hmac(secret, bytes("simul encrypt"));
        }
    }

    private final String newest;
    private final boolean encrypts;
    private final boolean required;
    private final Map<String, Key> keys;

    private SealRing(String newest, boolean encrypts, boolean required, Map<String, Key> keys) {
        this.newest = newest;
        this.encrypts = encrypts;
        this.required = required;
        this.keys = keys;
    }

    /** A ring of one key, with which jobs are signed or, if asked, encrypted. */
    public static SealRing of(String name, byte[] secret, boolean encrypts) {
        return new SealRing(name, encrypts, false, Map.of(name, new Key(secret)));
    }

    /** This ring with one more key that is only read with. */
    public SealRing with(String name, byte[] secret) {
        var more = new LinkedHashMap<>(keys);
        more.put(name, new Key(secret));
        return new SealRing(newest, encrypts, required, more);
    }

    /** This ring, which opens nothing that is not sealed. */
    public SealRing strict() {
        return new SealRing(newest, encrypts, true, keys);
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Whether jobs are encrypted rather than signed. */
    public boolean encrypts() {
        return encrypts;
    }

    /** The names of the keys, for people. */
    public String names() {
        return String.join(", ", keys.keySet());
    }

    /** The signature of a job's data, beginning with the key's name. */
    public String sign(String jobId, byte[] data) {
        return newest + ":" + Base64.getEncoder().encodeToString(signature(newest, jobId, data));
    }

    private byte[] signature(String name, String jobId, byte[] data) {
        return hmac(key(name).signing, bytes(jobId), data);
    }

    /** A job's data in a form that only a holder of the key can read. */
    public byte[] encrypt(String jobId, byte[] plain) {
        var nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        var name = bytes(newest);
        var secret = cipher(Cipher.ENCRYPT_MODE, newest, nonce, jobId, plain, 0);
        return ByteBuffer.allocate(MAGIC.length + 1 + name.length + NONCE_BYTES + secret.length)
                .put(MAGIC)
                .put((byte) name.length)
                .put(name)
                .put(nonce)
                .put(secret)
                .array();
    }

    /** Whether data is encrypted, by this ring or another one. */
    public static boolean isEncrypted(byte[] data) {
        return data.length > MAGIC.length + 1 + NONCE_BYTES
                && Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** The name of the key with which data is encrypted. */
    public static String keyOf(byte[] data) {
        int length = Math.min(data[MAGIC.length] & 0xff, data.length - MAGIC.length - 1);
        return new String(data, MAGIC.length + 1, length, StandardCharsets.UTF_8);
    }

    /**
     * A job's data as it was before it was sealed.
     *
     * @param signature what stands beside the data; null for nothing
     * @throws BrokenSealException if it was changed, is sealed with another key, or is not sealed though it has to be
     */
    public byte[] open(String jobId, byte[] data, @Nullable String signature) throws BrokenSealException {
        if (isEncrypted(data)) {
            return decrypt(jobId, data);
        } else if (signature != null) {
            verify(jobId, data, signature);
        } else if (required) {
            throw new BrokenSealException("Job is not sealed, and this worker runs sealed jobs only; enqueue it with"
                    + " JobSettings.seal(...) and one of the keys " + names() + ".");
        }
        return data;
    }

    private void verify(String jobId, byte[] data, String signature) throws BrokenSealException {
        int colon = signature.indexOf(':');
        var name = colon < 0 ? "" : signature.substring(0, colon);
        requireKey(name);
        byte[] given;
        try {
            given = Base64.getDecoder().decode(signature.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            given = new byte[0];
        }
        if (!MessageDigest.isEqual(given, signature(name, jobId, data))) {
            throw new BrokenSealException(
                    "Job's signature does not fit: its data was changed after it was signed, or the" + " key " + name
                            + " is another one here.");
        }
    }

    private byte[] decrypt(String jobId, byte[] data) throws BrokenSealException {
        var name = keyOf(data);
        requireKey(name);
        int begin = MAGIC.length + 1 + bytes(name).length;
        try {
            var nonce = Arrays.copyOfRange(data, begin, begin + NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, name, nonce, jobId, data, begin + NONCE_BYTES);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new BrokenSealException(
                    "Job data cannot be decrypted: it was changed after it was sealed, or the key " + name
                            + " is another one here.");
        }
    }

    private void requireKey(String name) throws BrokenSealException {
        if (!keys.containsKey(name)) {
            throw new BrokenSealException("Job is sealed with the key '" + name + "', which is not known here ("
                    + names() + " are); add it with Seal.alsoReads.");
        }
    }

    private Key key(String name) {
        var key = keys.get(name);
        if (key == null) {
            throw new IllegalArgumentException("no key " + name);
        }
        return key;
    }

    private byte[] cipher(int mode, String name, byte[] nonce, String jobId, byte[] input, int from) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key(name).encrypting, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(bytes(jobId));
            return cipher.doFinal(input, from, input.length - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** A result in the form of a text, which every serializer can carry. */
    public String encryptText(String jobId, byte[] plain) {
        return TEXT + Base64.getEncoder().encodeToString(encrypt(jobId, plain));
    }

    /** Whether a result is such a text. */
    public static boolean isEncryptedText(@Nullable Object value) {
        return value instanceof String text && text.startsWith(TEXT);
    }

    /**
     * What {@link #encryptText} was given.
     *
     * @throws BrokenSealException if it was changed or is sealed with another key
     */
    public byte[] decryptText(String jobId, String text) throws BrokenSealException {
        try {
            var data = Base64.getDecoder().decode(text.substring(TEXT.length()));
            if (isEncrypted(data)) {
                return decrypt(jobId, data);
            }
        } catch (IllegalArgumentException e) {
            // no base64, so nothing that we have written
        }
        throw new BrokenSealException("Result is no sealed value: " + text.length() + " characters.");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return (encrypts ? "encrypts" : "signs") + " with " + newest + ", reads " + names();
    }
}
