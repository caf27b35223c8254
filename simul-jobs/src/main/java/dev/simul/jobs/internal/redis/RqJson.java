package dev.simul.jobs.internal.redis;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.MinimalPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * RQ's {@code JSONSerializer}: writes what Python's {@code json.dumps} writes, reads what it may have written.
 *
 * <p>That includes the bare words {@code NaN} and {@code Infinity} and whole numbers of any size, and keeps {@code 3}
 * apart from {@code 3.0}.
 */
public final class RqJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPrettyPrinter(new Spaced())
            .build();

    private RqJson() {}

    /** The value as bytes. */
    public static byte[] write(@Nullable Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    }

    /** The value as text. */
    public static String text(@Nullable Object value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    /**
     * Reads a tree.
     *
     * @throws JacksonException if the bytes are not JSON
     */
    public static JsonNode read(byte[] bytes) {
        return MAPPER.readTree(bytes);
    }

    /**
     * Reads a value of a type.
     *
     * @throws JacksonException if the text is not JSON or does not fit the type
     */
    public static @Nullable Object read(String json, Type type) {
        return MAPPER.readValue(json, MAPPER.constructType(type));
    }

    /**
     * A part of a tree, or any value, as a value of a type.
     *
     * @throws JacksonException if it does not fit the type
     */
    public static @Nullable Object convert(@Nullable Object value, Type type) {
        return MAPPER.convertValue(value, MAPPER.constructType(type));
    }

    /** Python's separators: a blank after each comma and colon. */
    private static final class Spaced extends MinimalPrettyPrinter {
        @Override
        public void writeObjectEntrySeparator(JsonGenerator g) {
            g.writeRaw(", ");
        }

        @Override
        public void writeObjectNameValueSeparator(JsonGenerator g) {
            g.writeRaw(": ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator g) {
            g.writeRaw(", ");
        }
    }
}
