package dev.simul.jobs.internal.redis;

import dev.simul.jobs.Serializer;
import dev.simul.jobs.internal.pickle.Pickle;
import dev.simul.jobs.internal.pickle.Tuple;
import dev.simul.jobs.internal.pickle.UnreadablePickleException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A value in one of RQ's serializers, from and to the bytes that stand in Redis.
 *
 * <p>Which one it is shows in the bytes: pickles begin with 0x80 since protocol 2; those of protocols 0 and 1 are no JSON,
 * and end in a full stop.
 */
public final class Serialized {
    private Serialized() {}

    /** Which serializer wrote the bytes; JSON if they are of neither. */
    public static Serializer serializer(byte[] bytes) {
        return isPickle(bytes) ? Serializer.PICKLE : Serializer.JSON;
    }

    private static boolean isPickle(byte[] bytes) {
        return (bytes.length > 0 && (bytes[0] & 0xff) == Pickle.FIRST_BYTE) || isOldPickle(bytes);
    }

    /** Of the values that JSON has too, none that is pickled looks like JSON; the outermost of a job is a tuple. */
    private static boolean isOldPickle(byte[] bytes) {
        return bytes.length > 1 && bytes[bytes.length - 1] == '.' && "(]})cNIJKMLFGSTUVX".indexOf(bytes[0]) >= 0;
    }

    /**
     * Writes a value.
     *
     * @throws UnreadableValueException if the serializer has no such value
     */
    public static byte[] write(Serializer serializer, @Nullable Object value) {
        try {
            return switch (serializer) {
                case JSON -> RqJson.write(value);
                case PICKLE -> Pickle.write(value, other -> RqJson.convert(other, Object.class));
            };
        } catch (JacksonException e) {
            throw new UnreadableValueException(JacksonWords.of(e), e);
        } catch (IllegalArgumentException e) {
            throw new UnreadableValueException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Writes a value that a user gave.
     *
     * @param what the value for people
     * @throws IllegalArgumentException if the serializer has no such value
     */
    public static byte[] write(Serializer serializer, @Nullable Object value, String what) {
        try {
            return write(serializer, value);
        } catch (UnreadableValueException e) {
            throw new IllegalArgumentException(serializer + " cannot express " + what + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a call as it stands in a job, before it is compressed.
     *
     * @throws UnreadableValueException if the serializer has no such arguments
     */
    public static byte[] writeCall(
            Serializer serializer,
            String function,
            List<? extends @Nullable Object> arguments,
            Map<String, ? extends @Nullable Object> named) {
        return switch (serializer) {
            case JSON -> write(serializer, Arrays.asList(function, null, arguments, named));
            case PICKLE -> write(serializer, Tuple.of(function, null, new Tuple(arguments), named));
        };
    }

    /**
     * Reads a value as it is: a tree of JSON, or the plain value that was pickled.
     *
     * @throws UnreadableValueException if it is neither
     */
    public static @Nullable Object read(byte[] bytes) {
        if (isPickle(bytes)) {
            try {
                return Pickle.read(bytes);
            } catch (UnreadablePickleException e) {
                throw new UnreadableValueException("a pickle that cannot be read: " + e.getMessage(), e);
            }
        }
        try {
            return RqJson.read(bytes);
        } catch (JacksonException e) {
            throw new UnreadableValueException("neither JSON nor pickle: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a value of a type.
     *
     * @throws UnreadableValueException if it is neither JSON nor pickle, or of another type
     */
    public static @Nullable Object read(byte[] bytes, Type type) {
        return convert(read(bytes), type);
    }

    /**
     * What {@link #read(byte[])} returned, or a part of it, as a value of a type.
     *
     * @throws UnreadableValueException if it does not fit the type
     */
    public static @Nullable Object convert(@Nullable Object read, Type type) {
        if (Fit.fits(read, type)) {
            return read;
        }
        if (read instanceof byte[] && type == String.class) {
            throw new UnreadableValueException(
                    "bytes, which are no text; declare byte[]", new ClassCastException("byte[] for String"));
        }
        try {
            return RqJson.convert(read, type);
        } catch (JacksonException e) {
            throw new UnreadableValueException(JacksonWords.of(e), e);
        }
    }

    /** Whether a parameter of that type has a value if none was given: an {@link java.util.Optional}. */
    public static boolean isOptional(Type type) {
        return Fit.isOptional(type);
    }

    /**
     * Reads values by name, such as a job's meta, as they are: numbers, texts, lists, maps …
     *
     * @return empty if the bytes are another kind of value
     * @throws UnreadableValueException if they are neither JSON nor pickle
     */
    public static Map<String, @Nullable Object> readMap(byte[] bytes) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        switch (read(bytes)) {
            case JsonNode node when node.isObject() -> node.forEachEntry((name, value) -> map.put(name, plain(value)));
            case Map<?, ?> values -> values.forEach((name, value) -> map.put(String.valueOf(name), value));
            case null, default -> {}
        }
        return map;
    }

    /** Parts of what {@link #read(byte[])} returned, without trees. */
    public static List<@Nullable Object> plainList(List<? extends @Nullable Object> read) {
        return new ArrayList<>(read.stream().map(Serialized::plain).toList());
    }

    /** The same of values by name. */
    public static Map<String, @Nullable Object> plainMap(Map<String, ? extends @Nullable Object> read) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        read.forEach((name, value) -> map.put(name, plain(value)));
        return map;
    }

    private static @Nullable Object plain(@Nullable Object read) {
        return read instanceof JsonNode ? convert(read, Object.class) : read;
    }

    /** Bytes for people: JSON as it stands there, the value that was pickled, the beginning of it where it is long. */
    public static String showBytes(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "nothing";
        } else if (!isPickle(bytes)) {
            return shortened(new String(bytes, StandardCharsets.UTF_8));
        }
        try {
            return show(Pickle.read(bytes));
        } catch (UnreadablePickleException e) {
            return "a pickle that cannot be read (" + e.getMessage() + ")";
        }
    }

    /** What {@link #read(byte[])} returned, for people: the beginning of it where it is long. */
    public static String show(@Nullable Object read) {
        var text = read instanceof byte[] bytes
                ? "bytes " + new String(bytes, 0, Math.min(bytes.length, 50), StandardCharsets.ISO_8859_1)
                : String.valueOf(read);
        return shortened(text);
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
