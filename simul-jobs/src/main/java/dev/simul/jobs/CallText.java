package dev.simul.jobs;

import dev.simul.jobs.internal.redis.PythonFloat;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A call as Python would show it, {@code tasks.add(2, 'three', scale=None)}: the default description of a job. */
final class CallText {
    private static final int LONGEST_ARGUMENT_CHARACTERS = 75;

    private CallText() {}

    static String of(String function, List<? extends @Nullable Object> arguments, Map<String, ?> named) {
        if (arguments.isEmpty() && named.isEmpty()) {
            return function + "()";
        }
        var given = arguments.stream().map(CallText::shortened);
        var keywords = named.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + shortened(entry.getValue()))
                .sorted();
        return Stream.concat(given, keywords).collect(Collectors.joining(", ", function + "(", ")"));
    }

    private static String shortened(@Nullable Object value) {
        var shown = show(value);
        return shown.codePointCount(0, shown.length()) <= LONGEST_ARGUMENT_CHARACTERS
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, LONGEST_ARGUMENT_CHARACTERS)) + "...";
    }

    private static String show(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case CharSequence text -> quoted(text.toString());
            case Integer i -> i.toString();
            case Double d -> PythonFloat.spell(d);
            case Collection<?> list -> list.stream().map(CallText::show).collect(Collectors.joining(", ", "[", "]"));
            case Object[] array -> show(Arrays.asList(array));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> show(entry.getKey()) + ": " + show(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> json(value);
        };
    }

    private static String json(Object value) {
        try {
            return new String(Serialized.write(Serializer.JSON, value), StandardCharsets.UTF_8);
        } catch (UnreadableValueException e) {
            return value.getClass().getSimpleName();
        }
    }

    /** In single quotes, in double ones if the text has single but no double quotes itself. */
    private static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        var out = new StringBuilder().append(quote);
        text.codePoints().limit(LONGEST_ARGUMENT_CHARACTERS).forEach(c -> quote(c, quote, out));
        return out.append(quote).toString();
    }

    private static void quote(int c, char quote, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (c == quote) {
                    out.append('\\').append(quote);
                } else if (c == ' ' || isPrintable(c)) {
                    out.appendCodePoint(c);
                } else {
                    out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                }
            }
        }
    }

    /** Of what Python shows as it is; the others may turn a line around, end it, or not be seen at all. */
    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
