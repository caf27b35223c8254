package dev.simul.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as people write it: {@code 5s}, {@code 500ms}, {@code 1m30s}, {@code 1.5h}, or ISO {@code PT5S}. */
public final class DurationOption implements ITypeConverter<Duration> {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|us|ns|d|h|m|s)");
    private static final BigDecimal LONGEST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    @Override
    public Duration convert(String text) {
        try {
            var duration = text.startsWith("P") || text.startsWith("p") ? Duration.parse(text) : parse(text);
            if (duration.isNegative()) {
                throw refused(text);
            }
            var _ = duration.toNanos(); // longer than 292 years does not fit
            return duration;
        } catch (DateTimeParseException | ArithmeticException e) {
            throw refused(text);
        }
    }

    private static Duration parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.equals("0")) {
            return Duration.ZERO;
        }
        var matcher = PART.matcher(lower);
        var nanos = BigDecimal.ZERO;
        int at = 0;
        while (matcher.find() && matcher.start() == at) {
            nanos = nanos.add(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(nanosIn(matcher.group(2)))));
            at = matcher.end();
        }
        if (at == 0 || at < lower.length() || nanos.compareTo(LONGEST_NANOS) > 0) {
            throw refused(text);
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static long nanosIn(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            default -> 86_400_000_000_000L;
        };
    }

    private static TypeConversionException refused(String text) {
        return new TypeConversionException("'" + text + "' is not a duration; write 5s, 500ms, 1m30s or PT5S");
    }
}
