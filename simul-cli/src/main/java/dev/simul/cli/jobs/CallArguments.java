package dev.simul.cli.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The arguments of a call as a command line writes them; what {@code rq enqueue} understands is understood, and plain JSON
 * needs no mark.
 *
 * @param positional those without a name
 * @param named those of the form {@code name=…}
 */
record CallArguments(List<@Nullable Object> positional, Map<String, @Nullable Object> named) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Pattern NAMED = Pattern.compile("([A-Za-z_]\\w*)([:%]?)=(.*)", Pattern.DOTALL);

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if one is not what it says it is, or a name comes twice
     */
    static CallArguments of(List<String> arguments) {
        var positional = new ArrayList<@Nullable Object>();
        var named = new LinkedHashMap<String, @Nullable Object>();
        for (var argument : arguments) {
            var matcher = NAMED.matcher(argument);
            if (!matcher.matches()) {
                boolean marked = argument.startsWith(":") || argument.startsWith("%");
                positional.add(
                        value(marked ? argument.substring(0, 1) : "", marked ? argument.substring(1) : argument));
                continue;
            }
            var name = matcher.group(1);
            if (named.containsKey(name)) {
                throw new IllegalArgumentException("the argument " + name + " was given twice, last as " + argument);
            }
            named.put(name, value(matcher.group(2), matcher.group(3)));
        }
        return new CallArguments(positional, named);
    }

    private static @Nullable Object value(String mark, String given) {
        var text = given.startsWith("@") && given.length() > 1 ? contents(given.substring(1)) : given;
        return switch (mark) {
            case ":" -> json(text);
            case "%" -> PythonLiteral.read(text);
            default -> given.startsWith("@") ? text : plain(text);
        };
    }

    private static String contents(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot read the file of @" + file + " (" + e.getClass().getSimpleName()
                            + "); a string that begins with @ is written as JSON, '\"@…\"'",
                    e);
        }
    }

    private static @Nullable Object json(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("'" + text + "' is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** JSON is taken as such, anything else is a string. */
    static @Nullable Object plain(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JacksonException e) {
            return text;
        }
    }
}
