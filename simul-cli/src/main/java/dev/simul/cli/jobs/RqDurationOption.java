package dev.simul.cli.jobs;

import dev.simul.cli.DurationOption;
import dev.simul.jobs.JobOptions;
import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as {@code rq} does, a number of seconds or {@code 1h}, or as {@link DurationOption}; -1 is for ever. */
final class RqDurationOption implements ITypeConverter<Duration> {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");

    @Override
    public Duration convert(String text) {
        if (text.equals("-1")) {
            return JobOptions.FOREVER;
        }
        try {
            return SECONDS.matcher(text).matches()
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : new DurationOption().convert(text);
        } catch (TypeConversionException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time; write seconds such as 90, or 5m, 1h30m, or -1 for ever");
        }
    }
}
