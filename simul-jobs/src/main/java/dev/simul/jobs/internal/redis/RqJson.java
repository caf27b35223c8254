package dev.simul.jobs.internal.redis;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonGeneratorDecorator;
import tools.jackson.core.util.JsonGeneratorDelegate;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.core.util.MinimalPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.util.TokenBuffer;

/**
 * RQ's {@code JSONSerializer}: writes what Python's {@code json.dumps} writes, reads what it may have written.
 *
 * <p>That includes the bare words {@code NaN} and {@code Infinity} and whole numbers of any size, and keeps {@code 3}
 * apart from {@code 3.0}, and {@code 0.0} from {@code -0.0}. Moments, days and durations are ISO 8601 text, enums their
 * names, records objects.
 */
public final class RqJson {
    /** Python itself refuses a whole number of more than 4300 digits; the time to read one grows with the square. */
    private static final int MOST_DIGITS = 10_000;

    /** Some 250 bytes of the heap for each, so that no text ends a worker, however small its zlib was. */
    private static final long MOST_TOKENS = Math.clamp(Runtime.getRuntime().maxMemory() / 256, 1_000_000, 50_000_000);

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(500)
                    .maxNumberLength(MOST_DIGITS)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxTokenCount(MOST_TOKENS)
                    .build())
            .addDecorator(new Spelling())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(JSON)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE) // a zone comes back as it went
            .disable(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
            .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
            .enable(SerializationFeature.FAIL_ON_EMPTY_BEANS) // an object that nothing would be left of
            .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .defaultPrettyPrinter(new Spaced())
            .addModule(new SimpleModule("simul").setSerializerModifier(new SelfTyped()))
            .build();

    private static final ObjectReader TREES = MAPPER.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private RqJson() {}

    /** The value as bytes. */
    public static byte[] write(@Nullable Object value) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
    }

    /** The value as text. */
    public static String text(@Nullable Object value) {
        return new String(write(value), StandardCharsets.UTF_8);
    }

    /** The value as text that nobody runs; what JSON has no form for is spelled as Java spells it. */
    public static String shown(@Nullable Object value) {
        try {
            return text(value);
        } catch (JacksonException e) {
            return text(String.valueOf(value));
        }
    }

    /**
     * Reads a tree, in which every number has all of its digits.
     *
     * @throws JacksonException if the bytes are not JSON
     */
    public static JsonNode read(byte[] bytes) {
        return mayHaveNegativeZero(bytes)
                ? TREES.forType(JsonNode.class).readValue(new Signed(MAPPER.createParser(bytes)))
                : TREES.readTree(bytes);
    }

    private static boolean mayHaveNegativeZero(byte[] bytes) {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i] == '0' && bytes[i - 1] == '-') {
                return true;
            }
        }
        return false;
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
        if (value instanceof JsonNode tree) {
            return MAPPER.readValue(new Tokens(MAPPER.treeAsTokens(tree)), MAPPER.constructType(type));
        }
        try (var tokens = TokenBuffer.forGeneration()) {
            MAPPER.writeValue(tokens, value);
            return MAPPER.readValue(new Whole(tokens.asParser()), MAPPER.constructType(type));
        }
    }

    /** Tokens of which a number with a fraction, or none, is no whole number: half a value is worse than none. */
    private static class Whole extends JsonParserDelegate {
        Whole(JsonParser tokens) {
            super(tokens);
        }

        @Override
        public int getValueAsInt() {
            requireWhole((int) getDoubleValue());
            return super.getValueAsInt();
        }

        @Override
        public long getValueAsLong() {
            requireWhole((double) (long) getDoubleValue());
            return super.getValueAsLong();
        }

        private void requireWhole(double taken) {
            if (currentToken() == JsonToken.VALUE_NUMBER_FLOAT && getDoubleValue() != taken) {
                throw new StreamReadException(this, getString() + " is no whole number of that size");
            }
        }
    }

    /** A tree's tokens, in which a number is a double unless a BigDecimal is asked for, and one too large is infinite. */
    private static final class Tokens extends Whole {
        Tokens(JsonParser tree) {
            super(tree);
        }

        @Override
        public NumberTypeFP getNumberTypeFP() {
            var type = super.getNumberTypeFP();
            return type == NumberTypeFP.BIG_DECIMAL ? NumberTypeFP.DOUBLE64 : type;
        }

        @Override
        public Number getNumberValue() {
            var number = super.getNumberValue();
            return number instanceof BigDecimal exact ? (Number) exact.doubleValue() : number;
        }

        @Override
        public double getDoubleValue() {
            return super.getNumberValue() instanceof BigDecimal exact ? exact.doubleValue() : super.getDoubleValue();
        }
    }

    /** Tokens of which a negative zero is a double like NaN, for a BigDecimal has no such number. */
    private static final class Signed extends JsonParserDelegate {
        Signed(JsonParser tokens) {
            super(tokens);
        }

        @Override
        public boolean isNaN() {
            return super.isNaN() || (currentToken() == JsonToken.VALUE_NUMBER_FLOAT && isNegativeZero());
        }

        private boolean isNegativeZero() {
            return getString().startsWith("-0") && getDoubleValue() == 0;
        }
    }

    /** Python's spelling of floats. */
    private static final class Spelling implements JsonGeneratorDecorator {
        @Override
        public JsonGenerator decorate(TokenStreamFactory factory, JsonGenerator generator) {
            return new JsonGeneratorDelegate(generator, false) {
                @Override
                public JsonGenerator writeNumber(double number) {
                    if (Double.isFinite(number)) {
                        delegate.writeNumber(PythonFloat.spell(number));
                    } else {
                        delegate.writeNumber(number);
                    }
                    return this;
                }
            };
        }
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
