package dev.simul.process.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method and the values to call it with, as the child reads them.
 *
 * @param method what to call
 * @param values the receiver or what a lambda captured, then the arguments
 */
public record Invocation(MethodName method, List<@Nullable Object> values) {
    /** Reads what {@link CallTarget#encode} wrote. */
    public static Invocation decode(byte[] payload, ClassLoader loader) throws IOException, ClassNotFoundException {
        var data = new DataInputStream(new ByteArrayInputStream(payload));
        var method = MethodName.readFrom(data);
        int count = data.readUnsignedByte();
        var values = new ArrayList<@Nullable Object>(count);
        for (int i = 0; i < count; i++) {
            values.add(Values.read(data, loader, true));
        }
        return new Invocation(method, values);
    }
}
