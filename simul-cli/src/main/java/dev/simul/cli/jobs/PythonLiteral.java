package dev.simul.cli.jobs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A value written as Python writes it, {@code (1, 'two', None)}: numbers, strings, lists, tuples, dictionaries. */
final class PythonLiteral {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d[\\d_]*)?(\\.\\d*)?([eE][+-]?\\d+)?");
    private static final int DEEPEST = 100;

    private final String text;
    private int at;
    private int depth;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static @Nullable Object read(String text) {
        var literal = new PythonLiteral(text);
        var value = literal.value();
        literal.skipBlanks();
        if (literal.at < text.length()) {
            throw literal.refused();
        }
        return value;
    }

    private @Nullable Object value() {
        skipBlanks();
        if (++depth > DEEPEST) {
            throw refused();
        }
        try {
            return switch (peek()) {
                case '[' -> items(']');
                case '(' -> items(')');
                case '{' -> dictionary();
                case '\'', '"' -> string();
                default -> word();
            };
        } finally {
            depth--;
        }
    }

    private @Nullable Object word() {
        for (var word : List.of("None", "True", "False")) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("None") ? null : (Boolean) word.equals("True");
            }
        }
        var number = NUMBER.matcher(text).region(at, text.length());
        if (!number.lookingAt() || (number.group(1) == null && number.group(2) == null)) {
            throw refused();
        }
        at = number.end();
        var digits = number.group().replace("_", "");
        try {
            return number.group(2) == null && number.group(3) == null
                    ? (Number) new BigInteger(digits)
                    : new BigDecimal(digits);
        } catch (NumberFormatException e) {
            throw refused();
        }
    }

    private @Nullable Object items(char close) {
        at++;
        var items = new ArrayList<@Nullable Object>();
        boolean comma = false;
        while (!closes(close)) {
            items.add(value());
            comma = separated(close);
        }
        // (1) is a number in brackets, (1,) a tuple
        return close == ')' && items.size() == 1 && !comma ? items.getFirst() : items;
    }

    private Map<String, @Nullable Object> dictionary() {
        at++;
        var entries = new LinkedHashMap<String, @Nullable Object>();
        while (!closes('}')) {
            if (!(value() instanceof String key)) {
                throw refused();
            }
            skipBlanks();
            if (peek() != ':') {
                throw refused();
            }
            at++;
            entries.put(key, value());
            var _ = separated('}');
        }
        return entries;
    }

    private boolean closes(char close) {
        skipBlanks();
        if (peek() != close) {
            return false;
        }
        at++;
        return true;
    }

    /** Whether a comma follows; else the end must. */
    private boolean separated(char close) {
        skipBlanks();
        if (peek() == ',') {
            at++;
            return true;
        }
        if (peek() != close) {
            throw refused();
        }
        return false;
    }

    private String string() {
        char quote = text.charAt(at++);
        var out = new StringBuilder();
        while (peek() != quote) {
            char c = text.charAt(at++);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = peek();
            at++;
            out.append(
                    switch (escaped) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case 'r' -> '\r';
                        case '\\', '\'', '"' -> escaped;
                        default -> throw refused();
                    });
        }
        at++;
        return out.toString();
    }

    private char peek() {
        if (at >= text.length()) {
            throw refused();
        }
        return text.charAt(at);
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException refused() {
        return new IllegalArgumentException("'" + text + "' is not a Python literal (at character " + (at + 1)
                + "): numbers, strings, True, False, None, [lists], (tuples), {'dictionaries': 1} are");
    }
}
