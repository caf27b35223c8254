package dev.simul.jobs.internal.pickle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import net.razorvine.pickle.IObjectPickler;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleException;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Pickler;
import org.jspecify.annotations.Nullable;

/**
 * The library's pickler for nothing but plain values.
 *
 * <p>Numbers, none, booleans and big integers are written by the library. The rest is ours: it writes protocol 2, where bytes
 * are a call of a function, makes a datetime of no {@code java.time} type, asks a registry that all of a JVM shares, and makes
 * something of every bean. Nothing is remembered, so equal values are written twice.
 */
final class PlainPickler extends Pickler {
    private static final int PROTOCOL_WRITTEN = 4;
    private static final int DEEPEST = 500;

    private final UnaryOperator<@Nullable Object> asPlain;
    private int keys; // that are being written, one within the other

    /**
     * Prepares.
     *
     * @param asPlain what is written in place of a value that is none of Python's
     */
    PlainPickler(UnaryOperator<@Nullable Object> asPlain) {
        super(false);
        this.asPlain = asPlain;
    }

    @Override
    public void dump(@Nullable Object value, OutputStream stream) throws IOException {
        out = stream;
        out.write(Opcodes.PROTO);
        out.write(PROTOCOL_WRITTEN);
        save(value);
        out.write(Opcodes.STOP);
    }

    @Override
    @SuppressWarnings("NullAway") // the library takes null for None
    public void save(@Nullable Object value) throws IOException {
        if (recurse >= DEEPEST) {
            throw new PickleException("a value nested more than " + DEEPEST + " deep cannot be pickled");
        }
        if (value != null && value.getClass().isArray()) {
            recurse++;
            array(value);
            recurse--;
        } else {
            super.save(value);
        }
    }

    private void array(Object array) throws IOException {
        switch (array) {
            case byte[] bytes -> bytes(bytes);
            case char[] characters -> text(new String(characters));
            default -> {
                var items = new ArrayList<@Nullable Object>();
                for (int i = 0; i < Array.getLength(array); i++) {
                    items.add(Array.get(array, i));
                }
                list(items);
            }
        }
    }

    @Override
    protected IObjectPickler getCustomPickler(Class<?> type) {
        return (value, _, _) -> plain(value);
    }

    private void plain(Object value) throws IOException {
        switch (value) {
            case CharSequence text -> text(text.toString());
            case Enum<?> constant -> text(constant.name());
            case BigInteger whole -> whole(PickleUtils.encode_long(whole));
            case BigDecimal number -> call("decimal", "Decimal", number.toString());
            case Tuple tuple -> tuple(tuple.items());
            case Map<?, ?> map -> map(map);
            case Set<?> set -> set(set);
            case Collection<?> list -> list(list);
            case UUID uuid -> call("uuid", "UUID", uuid.toString());
            case LocalDate date -> call("datetime", "date", date(date));
            case LocalTime time -> call("datetime", "time", time(time));
            case LocalDateTime moment -> call("datetime", "datetime", dateTime(moment));
            case OffsetDateTime moment -> zoned(moment);
            case ZonedDateTime moment -> zoned(moment.toOffsetDateTime());
            case Instant moment -> zoned(moment.atOffset(ZoneOffset.UTC));
            case Duration duration ->
                call(
                        "datetime",
                        "timedelta",
                        Math.floorDiv(duration.getSeconds(), 86_400),
                        Math.floorMod(duration.getSeconds(), 86_400),
                        duration.getNano() / 1000);
            case ZoneOffset offset -> call("datetime", "timezone", Duration.ofSeconds(offset.getTotalSeconds()));
            default -> {
                var plain = asPlain.apply(value);
                if (plain != null && plain.getClass() == value.getClass()) {
                    throw new PickleException("a " + value.getClass().getName() + " is no plain value");
                }
                save(plain);
            }
        }
    }

    /** As a key of a dict or set it is a tuple, for Python can hash no list. */
    private void list(Collection<?> list) throws IOException {
        if (keys > 0) {
            tuple(list);
        } else {
            out.write(Opcodes.EMPTY_LIST);
            items(list, Opcodes.APPENDS);
        }
    }

    private void set(Set<?> set) throws IOException {
        boolean isKey = keys++ > 0;
        if (isKey) {
            items(set, Opcodes.FROZENSET);
        } else {
            out.write(Opcodes.EMPTY_SET);
            items(set, Opcodes.ADDITEMS);
        }
        keys--;
    }

    private void items(Collection<?> items, short end) throws IOException {
        out.write(Opcodes.MARK);
        for (var item : items) {
            save(item);
        }
        out.write(end);
    }

    private void map(Map<?, ?> map) throws IOException {
        if (keys > 0) {
            throw new PickleException("a map cannot be a key in Python");
        }
        out.write(Opcodes.EMPTY_DICT);
        out.write(Opcodes.MARK);
        for (var entry : map.entrySet()) {
            keys++;
            save(entry.getKey());
            keys--;
            save(entry.getValue());
        }
        out.write(Opcodes.SETITEMS);
    }

    private void tuple(Collection<?> items) throws IOException {
        items(items, Opcodes.TUPLE);
    }

    private void call(String module, String name, Object... arguments) throws IOException {
        text(module);
        text(name);
        out.write(Opcodes.STACK_GLOBAL);
        tuple(Arrays.asList(arguments));
        out.write(Opcodes.REDUCE);
    }

    private void zoned(OffsetDateTime moment) throws IOException {
        call("datetime", "datetime", dateTime(moment.toLocalDateTime()), moment.getOffset());
    }

    private void text(String text) throws IOException {
        ByteBuffer encoded;
        try {
            encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new PickleException("a text with half of a surrogate pair cannot be pickled", e);
        }
        sized(Opcodes.SHORT_BINUNICODE, Opcodes.BINUNICODE, encoded);
    }

    private void bytes(byte[] bytes) throws IOException {
        sized(Opcodes.SHORT_BINBYTES, Opcodes.BINBYTES, ByteBuffer.wrap(bytes));
    }

    private void whole(byte[] littleEndian) throws IOException {
        sized(Opcodes.LONG1, Opcodes.LONG4, ByteBuffer.wrap(littleEndian));
    }

    private void sized(short opcodeIfShort, short opcode, ByteBuffer content) throws IOException {
        int size = content.remaining();
        if (size < 256) {
            out.write(opcodeIfShort);
            out.write(size);
        } else {
            out.write(opcode);
            out.write(PickleUtils.integer_to_bytes(size));
        }
        out.write(content.array(), content.arrayOffset() + content.position(), size);
    }

    /** Four bytes, as Python's own {@code __reduce__} has them. */
    private static byte[] date(LocalDate date) {
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw new PickleException("Python knows the years 1 to 9999, was " + date);
        }
        return new byte[] {
            (byte) (date.getYear() >> 8),
            (byte) date.getYear(),
            (byte) date.getMonthValue(),
            (byte) date.getDayOfMonth()
        };
    }

    /** Six bytes; what is finer than a microsecond is cut off. */
    private static byte[] time(LocalTime time) {
        int micros = time.getNano() / 1000;
        return new byte[] {
            (byte) time.getHour(),
            (byte) time.getMinute(),
            (byte) time.getSecond(),
            (byte) (micros >> 16),
            (byte) (micros >> 8),
            (byte) micros
        };
    }

    private static byte[] dateTime(LocalDateTime moment) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(date(moment.toLocalDate()));
        bytes.writeBytes(time(moment.toLocalTime()));
        return bytes.toByteArray();
    }
}
