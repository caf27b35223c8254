package dev.simul.cli.jobs;

import java.time.DateTimeException;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time zone by its name: {@code Europe/Berlin}, {@code UTC}, {@code +01:00}. */
final class ZoneOption implements ITypeConverter<ZoneId> {
    @Override
    public ZoneId convert(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException _) {
            throw new TypeConversionException("'" + text + "' is not a time zone; write one such as Europe/Berlin");
        }
    }
}
