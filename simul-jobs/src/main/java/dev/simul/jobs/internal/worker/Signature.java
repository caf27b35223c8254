package dev.simul.jobs.internal.worker;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How messages spell a function with its parameters: {@code demo.add(int a, int b)}. */
public final class Signature {
    private Signature() {}

    /**
     * Spells it.
     *
     * @param name under which jobs ask for the method
     */
    public static String of(String name, Method method) {
        return Arrays.stream(method.getParameters())
                .map(parameter -> shown(parameter.getParameterizedType()) + " " + parameter.getName())
                .collect(Collectors.joining(", ", name + "(", ")"));
    }

    private static String shown(Type type) {
        return type.getTypeName().replaceAll("[\\w.]+[.$](?=\\w)", "");
    }
}
