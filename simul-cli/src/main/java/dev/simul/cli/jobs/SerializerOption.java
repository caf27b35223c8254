package dev.simul.cli.jobs;

import dev.simul.jobs.Serializer;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a serializer's name as rq's {@code -S} does: {@code json}, {@code pickle}, or the path of one of RQ's classes. */
final class SerializerOption implements ITypeConverter<Serializer> {
    @Override
    public Serializer convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "json", "rq.serializers.jsonserializer" -> Serializer.JSON;
            case "pickle", "rq.serializers.pickleserializer", "rq.serializers.defaultserializer" -> Serializer.PICKLE;
            default ->
                throw new TypeConversionException(
                        "'" + text + "' cannot be read here; there are json (rq.serializers.JSONSerializer) and pickle"
                                + " (rq.serializers.PickleSerializer)");
        };
    }
}
