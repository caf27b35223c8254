package dev.simul.jobs.internal.redis;

import dev.simul.jobs.Serializer;
import dev.simul.jobs.internal.seal.SealRing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The field {@code data} of a job: which function is called with what.
 *
 * @param serializer how it is written
 * @param arguments what {@link Serialized#convert} takes
 * @param named the keyword arguments, likewise
 */
public record JobData(
        Serializer serializer, String function, List<@Nullable Object> arguments, Map<String, @Nullable Object> named) {
    private static final int LIMIT_BYTES = 256 << 20;

    /**
     * Reads the field, which may be zlib or plain, JSON or pickle or rubbish.
     *
     * @throws UnreadableValueException if it is no call of a function; the message is a sentence for people
     */
    public static JobData read(byte[] field) {
        try {
            var plain = inflated(field);
            return of(Serialized.serializer(plain), value(plain));
        } catch (OutOfMemoryError e) {
            throw new UnreadableValueException(
                    "Job data of " + field.length + " bytes needs more memory than there is (-Xmx).", e);
        }
    }

    /**
     * In which serializer everything of a job is to be written.
     *
     * @param field the field {@code data}, even if it cannot be read
     * @param meta the field {@code meta}, empty if there is none
     */
    public static Serializer serializer(byte[] field, byte[] meta) {
        return Serialized.serializer(meta.length > 0 ? meta : inflated(field));
    }

    private static byte[] inflated(byte[] field) {
        try {
            var inflated = Zlib.inflate(field, LIMIT_BYTES);
            return inflated == null ? field : inflated;
        } catch (IllegalArgumentException e) {
            throw new UnreadableValueException("Job data is " + e.getMessage() + ".", e);
        }
    }

    private static @Nullable Object value(byte[] plain) {
        if (SealRing.isEncrypted(plain)) {
            throw new UnreadableValueException(
                    "Job data is encrypted with the key '" + SealRing.keyOf(plain)
                            + "'; give the key to this program with JobSettings.seal(...).",
                    null);
        }
        try {
            return Serialized.read(plain);
        } catch (UnreadableValueException e) {
            throw new UnreadableValueException("Job data is " + e.getMessage() + ".", e);
        }
    }

    private static JobData of(Serializer serializer, @Nullable Object read) {
        var items = list(read);
        var function = items != null && items.size() == 4 ? text(items.getFirst()) : null;
        if (items == null || function == null) {
            throw new UnreadableValueException(
                    "Job data is not [function, null, arguments, keyword arguments]: " + Serialized.show(read), null);
        }
        if (!isNone(items.get(1))) {
            throw new UnreadableValueException(
                    "Job asks for a method of a Python object (" + Serialized.show(items.get(1))
                            + "); this worker runs functions only.",
                    null);
        }
        var arguments = list(items.get(2));
        var named = named(items.get(3));
        if (arguments == null || named == null) {
            throw new UnreadableValueException(
                    "Job data needs a list of arguments and an object of keyword arguments, was: "
                            + Serialized.show(read),
                    null);
        }
        return new JobData(serializer, function, arguments, named);
    }

    private static boolean isNone(@Nullable Object value) {
        return value == null || (value instanceof JsonNode node && node.isNull());
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case JsonNode node -> node.stringValue(null);
            case String text -> text;
            case null, default -> null;
        };
    }

    /** The items; null if it is no list. */
    private static @Nullable List<@Nullable Object> list(@Nullable Object value) {
        return switch (value) {
            case JsonNode node ->
                node.isArray() ? new ArrayList<>(node.valueStream().toList()) : null;
            case List<?> list -> new ArrayList<>(list);
            case null, default -> null;
        };
    }

    /** The keyword arguments; null if they are not values by name. */
    private static @Nullable Map<String, @Nullable Object> named(@Nullable Object value) {
        var named = new TreeMap<String, @Nullable Object>();
        switch (value) {
            case JsonNode node when node.isObject() -> node.forEachEntry(named::put);
            case Map<?, ?> map -> {
                for (var entry : map.entrySet()) {
                    if (!(entry.getKey() instanceof String name)) {
                        return null;
                    }
                    named.put(name, entry.getValue());
                }
            }
            case null, default -> {
                return null;
            }
        }
        return named;
    }
}
