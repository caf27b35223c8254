package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Serializer;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import dev.simul.jobs.internal.redis.Zlib;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The field {@code data} of a job as it came: zlib or plain, JSON or pickle or rubbish. */
final class Payload {
    private static final int LIMIT_BYTES = 256 << 20;

    /** What a job asks for; an argument is what {@link Serialized#convert} takes. */
    record Call(String function, List<@Nullable Object> arguments, Map<String, @Nullable Object> named) {}

    private final byte[] bytes;
    private Serializer serializer = Serializer.JSON; // the one thread's that runs the job

    Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** As it came. */
    byte[] bytes() {
        return bytes;
    }

    /** How the job's data is written, and its result is to be; known after {@link #call}. */
    Serializer serializer() {
        return serializer;
    }

    Call call() throws UnrunnableJobException {
        try {
            var plain = inflated();
            serializer = Serialized.serializer(plain);
            return call(items(Serialized.read(plain)));
        } catch (UnreadableValueException e) {
            throw new UnrunnableJobException("Job data is " + e.getMessage() + ".");
        } catch (OutOfMemoryError e) {
            throw new UnrunnableJobException(
                    "Job data of " + bytes.length + " bytes needs more memory than this worker has (-Xmx).");
        }
    }

    private byte[] inflated() throws UnrunnableJobException {
        try {
            var inflated = Zlib.inflate(bytes, LIMIT_BYTES);
            return inflated == null ? bytes : inflated;
        } catch (IllegalArgumentException e) {
            throw new UnrunnableJobException("Job data is " + e.getMessage() + ".");
        }
    }

    private static Call call(List<@Nullable Object> items) throws UnrunnableJobException {
        var function = items.size() == 4 ? text(items.getFirst()) : null;
        if (function == null) {
            throw new UnrunnableJobException(
                    "Job data is not [function, null, arguments, keyword arguments]: " + Serialized.show(items));
        }
        if (!isNone(items.get(1))) {
            throw new UnrunnableJobException("Job asks for a method of a Python object ("
                    + Serialized.show(items.get(1)) + "); this worker runs functions only.");
        }
        var arguments = items.get(2);
        var named = named(items.get(3));
        if (!isList(arguments) || named == null) {
            throw new UnrunnableJobException("Job data needs a list of arguments and an object of keyword arguments,"
                    + " was: " + Serialized.show(items));
        }
        return new Call(function, items(arguments), named);
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

    private static boolean isList(@Nullable Object value) {
        return value instanceof JsonNode node ? node.isArray() : value instanceof List;
    }

    /** The items of a list; none if it is no list. */
    private static List<@Nullable Object> items(@Nullable Object value) {
        return switch (value) {
            case JsonNode node
            when node.isArray() -> new ArrayList<>(node.valueStream().toList());
            case List<?> list -> new ArrayList<>(list);
            case null, default -> List.of();
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
