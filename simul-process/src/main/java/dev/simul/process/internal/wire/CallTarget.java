package dev.simul.process.internal.wire;

import dev.simul.process.RemoteFunction;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.SerializedLambda;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The method behind a function object, and the values it captured.
 *
 * @param method what a call comes down to
 * @param captured receiver or captured variables, in the order in which the method takes them
 */
public record CallTarget(MethodName method, List<@Nullable Object> captured) {
    /** Looks inside a method reference or lambda; any other serialisable object is called through its interface. */
    public static CallTarget of(RemoteFunction function) {
        SerializedLambda lambda = Inspector.inspect(function);
        if (lambda == null) {
            return new CallTarget(callOf(function), List.of(function));
        }
        List<@Nullable Object> captured = IntStream.range(0, lambda.getCapturedArgCount())
                .<@Nullable Object>mapToObj(lambda::getCapturedArg)
                .toList();
        return new CallTarget(MethodName.of(lambda), captured);
    }

    /**
     * The payload of a CALL frame: method, number of values, values.
     *
     * @throws IllegalArgumentException when a value cannot be serialised, or all are too large; names it
     */
    public byte[] encode(int maxPayloadBytes, @Nullable Object... arguments) {
        var bytes = new ByteArrayOutputStream(256);
        try (var data = new DataOutputStream(bytes)) {
            method.writeTo(data);
            data.writeByte(captured.size() + arguments.length);
            for (int i = 0; i < captured.size(); i++) {
                write(data, captured.get(i), "captured value " + (i + 1));
            }
            for (int i = 0; i < arguments.length; i++) {
                write(data, arguments[i], "argument " + (i + 1));
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (bytes.size() > maxPayloadBytes) {
            throw new IllegalArgumentException("the arguments of " + method + " are " + bytes.size()
                    + " bytes, more than maxPayloadBytes = " + maxPayloadBytes
                    + "; raise it in ProcessPool.builder(), or pass a file's path");
        }
        return bytes.toByteArray();
    }

    private void write(DataOutputStream out, @Nullable Object value, String which) {
        try {
            Values.write(out, value);
        } catch (IOException | RuntimeException | StackOverflowError refused) {
            String type = value == null ? "null" : value.getClass().getName();
            throw new IllegalArgumentException(
                    which + " of " + method + " (" + type + ") cannot be serialised: " + refused
                            + "; make that class Serializable, or pass a plain value and open the thing in the child",
                    refused);
        }
    }

    private static MethodName callOf(RemoteFunction function) {
        Class<?> shape = switch (function) {
            case RemoteFunction.Of0<?> _ -> RemoteFunction.Of0.class;
            case RemoteFunction.Of1<?, ?> _ -> RemoteFunction.Of1.class;
            case RemoteFunction.Of2<?, ?, ?> _ -> RemoteFunction.Of2.class;
            case RemoteFunction.Of3<?, ?, ?, ?> _ -> RemoteFunction.Of3.class;
            case RemoteFunction.Of4<?, ?, ?, ?, ?> _ -> RemoteFunction.Of4.class;
        };
        return MethodName.of(shape.getMethods()[0]);
    }

    // A lambda says what it is only to the serialisation of its own class; a stream that
    // may replace objects is shown it.
    private static final class Inspector extends ObjectOutputStream {
        private @Nullable SerializedLambda lambda;

        private Inspector() throws IOException {
            super(OutputStream.nullOutputStream());
            enableReplaceObject(true);
        }

        static @Nullable SerializedLambda inspect(RemoteFunction function) {
            try (var inspector = new Inspector()) {
                inspector.writeObject(function);
                return inspector.lambda;
            } catch (IOException refused) {
                throw new UncheckedIOException(refused);
            }
        }

        @Override
        protected @Nullable Object replaceObject(Object object) {
            lambda = object instanceof SerializedLambda found ? found : null;
            return null;
        }
    }
}
