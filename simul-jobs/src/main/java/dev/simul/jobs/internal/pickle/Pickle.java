package dev.simul.jobs.internal.pickle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import net.razorvine.pickle.PickleException;
import org.jspecify.annotations.Nullable;

/**
 * Python's pickle, as far as plain values go.
 *
 * <p>Read are protocols 0 to 5. {@code int} becomes Integer, Long or BigInteger, {@code list} and {@code tuple} a List,
 * {@code dict} a Map in its order, {@code set} a Set, {@code bytes} a byte[], {@code datetime} a LocalDateTime, OffsetDateTime or
 * ZonedDateTime, {@code date}, {@code time} and {@code timedelta} a LocalDate, LocalTime and Duration, {@code Decimal} a BigDecimal.
 * Anything else is refused before it is looked at. Written is protocol 4, which every Python since 3.4 reads.
 */
public final class Pickle {
    /** The first byte of every pickle since protocol 2. */
    public static final int FIRST_BYTE = 0x80;

    private Pickle() {}

    /**
     * Reads a value.
     *
     * @throws UnreadablePickleException if it is damaged, or holds what is no plain value; whatever the bytes are, no
     *     other exception
     */
    public static @Nullable Object read(byte[] bytes) {
        try {
            var unpickler = new PlainUnpickler(bytes);
            return PlainValue.of(unpickler.load(), unpickler.opcodes());
        } catch (UnreadablePickleException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The library trusts what it reads: a stack that is empty or holds another type shows as any of these.
            throw new UnreadablePickleException("it is damaged (" + e + ")", e);
        }
    }

    /**
     * Writes a value.
     *
     * @param value of the types that {@link #read} returns; besides arrays, Instant, {@link Tuple}, enums (by name)
     * @param asPlain what is written in place of a value of any other type
     * @throws IllegalArgumentException if Python has no such value, or it is nested too deeply
     */
    public static byte[] write(@Nullable Object value, UnaryOperator<@Nullable Object> asPlain) {
        var out = new ByteArrayOutputStream();
        try {
            new PlainPickler(asPlain).dump(value, out);
        } catch (PickleException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not from a stream in memory
        }
        return out.toByteArray();
    }
}
