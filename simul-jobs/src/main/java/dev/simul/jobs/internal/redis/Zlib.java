package dev.simul.jobs.internal.redis;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Bytes compressed as Python's {@code zlib.compress} does. */
public final class Zlib {
    /** Deflaters at rest; each holds a quarter of a megabyte, which takes longer to prepare than a job to compress. */
    private static final BlockingQueue<Deflater> IDLE = new ArrayBlockingQueue<>(8);

    private Zlib() {}

    public static byte[] deflate(byte[] plain) {
        var idle = IDLE.poll();
        var deflater = idle == null ? new Deflater() : idle;
        try {
            deflater.setInput(plain);
            deflater.finish();
            var buffer = new byte[Math.min(plain.length + 64, 8192)];
            int size = deflater.deflate(buffer);
            if (deflater.finished()) {
                return Arrays.copyOf(buffer, size);
            }
            var out = new ByteArrayOutputStream(plain.length / 2 + 64);
            out.write(buffer, 0, size);
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.reset();
            if (!IDLE.offer(deflater)) {
                deflater.end();
            }
        }
    }

    /**
     * The plain bytes.
     *
     * @param limitBytes what a well-meant text stays below; guards against a few bytes that inflate to gigabytes
     * @return null if the bytes are not zlib
     * @throws IllegalArgumentException if the plain bytes are more than the limit
     */
    public static byte @Nullable [] inflate(byte[] bytes, int limitBytes) {
        try (var inflater = new Inflater()) {
            inflater.setInput(bytes);
            var out = new ByteArrayOutputStream(bytes.length * 3);
            var buffer = new byte[4096];
            while (!inflater.finished()) {
                int n = inflater.inflate(buffer);
                if (n == 0 && !inflater.finished()) {
                    return null; // cut off, or wants a dictionary
                }
                out.write(buffer, 0, n);
                if (out.size() > limitBytes) {
                    throw new IllegalArgumentException("more than " + limitBytes + " bytes when inflated");
                }
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            return null;
        }
    }
}
