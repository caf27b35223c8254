package dev.simul.jobs.internal.redis;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The fields of a hash that anybody may have written, read without ever failing.
 *
 * <p>What has a wrong form counts as not there, or as what it was obviously meant to be; {@link #problems} tells.
 */
public final class Fields {
    private static final Pattern MOMENT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z");
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");

    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    /** The forms in which RQ writes a field; a reader in Python fails on any other. */
    public enum Form {
        MOMENT("2026-11-22T07:40:18.372393Z"),
        WHOLE("a whole number"),
        DECIMAL("a number"),
        FLAG("0 or 1"),
        JSON_LIST("a list in JSON"),
        TEXT("text");

        private final String expected;

        Form(String expected) {
            this.expected = expected;
        }

        private boolean fits(String text) {
            return switch (this) {
                case MOMENT -> Fields.MOMENT.matcher(text).matches();
                case WHOLE -> Fields.WHOLE.matcher(text).matches();
                case DECIMAL -> Fields.DECIMAL.matcher(text).matches();
                case FLAG -> text.equals("0") || text.equals("1");
                case JSON_LIST -> {
                    var node = json(text);
                    yield node != null && node.isArray();
                }
                case TEXT -> true;
            };
        }
    }

    private final Map<String, byte[]> values;

    public Fields(Map<String, byte[]> values) {
        this.values = values;
    }

    /** The fields as a script's answer lists them: name, value, name, value. */
    public static Fields of(List<?> answer) {
        var values = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            values.put(Reply.text(answer.get(i)), (byte[]) answer.get(i + 1));
        }
        return new Fields(values);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The names of all fields there are. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** The bytes of a field. */
    public Optional<byte[]> bytes(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A field as text; an empty one counts as not there, as in RQ. */
    public Optional<String> text(String name) {
        return bytes(name).map(Reply::text).filter(text -> !text.isEmpty());
    }

    /** A moment in either of RQ's two forms. */
    public Optional<Instant> moment(String name) {
        return text(name).flatMap(Fields::parsed);
    }

    /** A moment in either of RQ's two forms. */
    public static Optional<Instant> parsed(String text) {
        try {
            if (DECIMAL.matcher(text).matches()) {
                var nanos = new BigDecimal(text).movePointRight(9).toBigInteger();
                return Optional.of(Instant.EPOCH.plus(Duration.ofSeconds(
                        nanos.divide(NANOS).longValueExact(), nanos.mod(NANOS).longValueExact())));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    public OptionalLong whole(String name) {
        var text = text(name).filter(value -> WHOLE.matcher(value).matches());
        return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    }

    public double decimal(String name) {
        return text(name)
                .filter(value -> DECIMAL.matcher(value).matches())
                .map(Double::parseDouble)
                .orElse(0.0);
    }

    public boolean flag(String name) {
        return text(name).filter("1"::equals).isPresent();
    }

    /** A field that is a list in JSON; empty if it is none. */
    public List<@Nullable Object> list(String name) {
        return text(name)
                .map(Fields::json)
                .filter(JsonNode::isArray)
                .map(list -> Serialized.plainList(list.valueStream().toList()))
                .orElseGet(List::of);
    }

    private static @Nullable JsonNode json(String text) {
        try {
            return RqJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (JacksonException e) {
            return null;
        }
    }

    /** What in these fields no RQ program could read, one line each; empty fields are always allowed. */
    public List<String> problems(Map<String, Form> forms) {
        var problems = new ArrayList<String>();
        forms.forEach((name, form) -> bytes(name)
                .filter(value -> value.length > 0)
                .ifPresent(value -> {
                    if (!isUtf8(value)) {
                        problems.add(name + " is not UTF-8");
                    } else if (!form.fits(Reply.text(value))) {
                        problems.add(
                                name + " must be " + form.expected + ", was '" + shortened(Reply.text(value)) + "'");
                    }
                }));
        return problems;
    }

    private static boolean isUtf8(byte[] value) {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    /** Text as Redis keeps it. */
    public static byte[] encoded(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
