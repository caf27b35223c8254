package dev.simul.cli.jobs;

import dev.simul.cli.DurationOption;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration that a bare number gives in seconds, as rq's options have it: {@code 30}, {@code 0.5}, {@code 5m}. */
final class SecondsOption implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        Duration duration;
        try {
            duration = new DurationOption().convert(text.matches("\\d+(\\.\\d+)?") ? text + "s" : text);
        } catch (TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time longer than 0 s; write seconds such as 30, or 5m, 1h30m");
        }
        if (duration.isZero()) {
            throw new TypeConversionException("must be longer than 0 s, was " + text);
        }
        return duration;
    }
}
