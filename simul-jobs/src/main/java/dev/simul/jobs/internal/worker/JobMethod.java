package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Isolation;
import dev.simul.jobs.internal.redis.JobData;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /**
     * The call's arguments as the method's types; keyword arguments go by parameter name. A parameter that is an
     * {@link Optional} may be left out.
     *
     * @param secret whether errors are to keep the values to themselves, because they came encrypted
     */
    @Nullable
    Object[] arguments(JobData call, boolean secret) throws UnrunnableJobException {
        var values = new @Nullable Object[parameters.length];
        int given = call.arguments().size();
        if (given > parameters.length) {
            throw misfit(call, secret, "was called with " + counted(given) + ", and takes " + parameters.length);
        }
        var unused = new TreeSet<>(call.named().keySet());
        for (int i = 0; i < parameters.length; i++) {
            var parameter = parameters[i];
            var name = parameter.getName();
            if (i < given) {
                if (call.named().containsKey(name)) {
                    throw misfit(call, secret, "was called with " + name + " twice, by place and by name");
                }
                values[i] = converted(call.arguments().get(i), parameter, secret);
            } else if (unused.remove(name)) {
                values[i] = converted(call.named().get(name), parameter, secret);
            } else if (!Serialized.isOptional(parameter.getType())) {
                throw misfit(call, secret, "was called without " + name);
            } else {
                values[i] = converted(null, parameter, secret);
            }
        }
        if (!unused.isEmpty()) {
            throw misfit(
                    call,
                    secret,
                    "was called with " + String.join(", ", unused) + " as well, and knows no such parameter");
        }
        return values;
    }

    private UnrunnableJobException misfit(JobData call, boolean secret, String how) {
        var given = Stream.concat(
                        call.arguments().stream().map(value -> shown(value, secret)),
                        call.named().entrySet().stream().map(e -> e.getKey() + "=" + shown(e.getValue(), secret)))
                .collect(Collectors.joining(", ", "(", ")"));
        boolean nameless = parameters.length > 0 && !parameters[0].isNamePresent();
        return new UnrunnableJobException(this + " " + how + ": " + given + "."
                + (nameless && !call.named().isEmpty()
                        ? " The names of its parameters are not known: compile its class with -parameters."
                        : ""));
    }

    private static String counted(int arguments) {
        return arguments == 1 ? "1 argument" : arguments + " arguments";
    }

    private static String shown(@Nullable Object value, boolean secret) {
        return secret ? "..." : Serialized.show(value);
    }

    private @Nullable Object converted(@Nullable Object value, Parameter parameter, boolean secret)
            throws UnrunnableJobException {
        try {
            return Serialized.convert(value, parameter.getParameterizedType());
        } catch (UnreadableValueException e) {
            throw new UnrunnableJobException(this + " was called with " + shown(value, secret) + " for "
                    + parameter.getName() + ": " + (secret ? "it does not fit the type" : e.getMessage()));
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
        return Signature.of(name, method);
    }
}
