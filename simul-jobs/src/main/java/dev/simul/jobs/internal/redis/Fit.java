package dev.simul.jobs.internal.redis;

import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether a plain value is of a declared type as it is, elements of lists and maps included.
 *
 * <p>Then it is handed over untouched: on a detour over JSON a date in a {@code Map<String, Object>} would become text.
 */
final class Fit {
    private Fit() {}

    static boolean fits(@Nullable Object value, Type type) {
        if (value instanceof JsonNode && type != JsonNode.class) {
            return false;
        }
        if (value == null && isOptional(type)) {
            return false;
        }
        return switch (type) {
            case Class<?> c ->
                value == null
                        ? !c.isPrimitive()
                        : MethodType.methodType(c).wrap().returnType().isInstance(value);
            case TypeVariable<?> variable -> fits(value, variable.getBounds()[0]);
            case WildcardType wildcard -> fits(value, wildcard.getUpperBounds()[0]);
            case ParameterizedType generic ->
                value == null || (fits(value, generic.getRawType()) && fill(value, generic));
            default -> false;
        };
    }

    /** Whether there is a value of the type that stands for none. */
    static boolean isOptional(Type type) {
        var raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
        return raw == Optional.class
                || raw == OptionalInt.class
                || raw == OptionalLong.class
                || raw == OptionalDouble.class;
    }

    private static boolean fill(Object value, ParameterizedType type) {
        var arguments = type.getActualTypeArguments();
        return switch (value) {
            case Collection<?> items
            when arguments.length == 1 -> items.stream().allMatch(item -> fits(item, arguments[0]));
            case Map<?, ?> map
            when arguments.length == 2 ->
                map.entrySet().stream()
                        .allMatch(entry -> fits(entry.getKey(), arguments[0]) && fits(entry.getValue(), arguments[1]));
            default -> false;
        };
    }
}
