package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Isolation;
import dev.simul.jobs.internal.redis.JobData;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A static method that jobs may ask for by name. */
final class JobMethod {
    private final String name;
    private final Method method;
    private final Parameter[] parameters;
    private final @Nullable Isolation isolation;

    JobMethod(String name, Method method, @Nullable Isolation isolation) {
        this.name = name;
        this.method = method;
        this.parameters = method.getParameters();
        this.isolation = isolation;
    }

    /** Where it runs, if it does not care otherwise. */
    Isolation isolation(Isolation otherwise) {
        return isolation == null ? otherwise : isolation;
    }

    String name() {
        return name;
    }

    Method method() {
        return method;
    }

    /** The call's arguments as the method's types; keyword arguments go by parameter name. */
    @Nullable
    Object[] arguments(JobData call) throws UnrunnableJobException {
        var values = new @Nullable Object[parameters.length];
        int given = call.arguments().size();
        if (given > parameters.length) {
            throw new UnrunnableJobException(this + " was called with " + given + " arguments.");
        }
        var unused = new HashSet<>(call.named().keySet());
        for (int i = 0; i < parameters.length; i++) {
            var parameter = parameters[i];
            Object value;
            if (i < given) {
                value = call.arguments().get(i);
            } else {
                value = call.named().get(parameter.getName());
                if (!unused.remove(parameter.getName())) {
                    throw new UnrunnableJobException(this + " was called without " + parameter.getName() + ".");
                }
            }
            values[i] = converted(value, parameter);
        }
        if (!unused.isEmpty()) {
            throw new UnrunnableJobException(this + " was called with " + String.join(", ", unused) + " as well.");
        }
        return values;
    }

    private @Nullable Object converted(@Nullable Object value, Parameter parameter) throws UnrunnableJobException {
        try {
            return Serialized.convert(value, parameter.getParameterizedType());
        } catch (UnreadableValueException e) {
            throw new UnrunnableJobException(this + " was called with " + Serialized.show(value) + " for "
                    + parameter.getName() + ": " + e.getMessage());
        }
    }

    @Nullable
    Object invoke(@Nullable Object[] arguments) throws Exception {
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                case null, default -> throw e; // a Throwable of neither kind
            }
        }
    }

    @Override
    public String toString() {
        return Arrays.stream(parameters)
                .map(parameter -> parameter.getType().getSimpleName() + " " + parameter.getName())
                .collect(Collectors.joining(", ", name + "(", ")"));
    }
}
