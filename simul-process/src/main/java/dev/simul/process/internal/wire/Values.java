package dev.simul.process.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.StreamCorruptedException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One value on the wire: a byte that says of which type it is, then the value.
 *
 * <p>The commonest types have a form of their own. Java serialisation of one {@link Integer} takes 81 bytes instead of
 * five, and a fresh child that need not load the machinery for it answers its first call sooner.
 */
public final class Values {
    private static final int NULL = 'n';
    private static final int BOOLEAN = 'z';
    private static final int INTEGER = 'i';
    private static final int LONG = 'l';
    private static final int DOUBLE = 'd';
    private static final int STRING = 's';
    private static final int BYTES = 'b';
    private static final int OBJECT = 'o';

    private Values() {}

    // No pattern switch in this class: linking one costs a fresh child milliseconds.
    static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value == null) {
            out.writeByte(NULL);
        } else if (value instanceof Integer number) {
            out.writeByte(INTEGER);
            out.writeInt(number);
        } else if (value instanceof String text) {
            out.writeByte(STRING);
            writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Long number) {
            out.writeByte(LONG);
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte(DOUBLE);
            out.writeDouble(number);
        } else if (value instanceof Boolean truth) {
            out.writeByte(BOOLEAN);
            out.writeBoolean(truth);
        } else if (value instanceof byte[] bytes) {
            out.writeByte(BYTES);
            writeBytes(out, bytes);
        } else {
            out.writeByte(OBJECT);
            var object = new ByteArrayOutputStream(256);
            new ObjectOutputStream(object).writeObject(value);
            writeBytes(out, object.toByteArray());
        }
    }

    static @Nullable Object read(DataInputStream in, ClassLoader loader, boolean lambdas)
            throws IOException, ClassNotFoundException {
        int type = in.readByte();
        return switch (type) {
            case NULL -> null;
            case BOOLEAN -> in.readBoolean();
            case INTEGER -> in.readInt();
            case LONG -> in.readLong();
            case DOUBLE -> in.readDouble();
            case STRING -> new String(readBytes(in), StandardCharsets.UTF_8);
            case BYTES -> readBytes(in);
            case OBJECT -> readObject(readBytes(in), loader, lambdas);
            default -> throw new StreamCorruptedException("a value of unknown type " + type + " arrived");
        };
    }

    /** The bytes of one value. */
    public static byte[] write(@Nullable Object value) throws IOException {
        var bytes = new ByteArrayOutputStream(64);
        write(new DataOutputStream(bytes), value);
        return bytes.toByteArray();
    }

    /** The result that {@link #write(Object)} was given in the child. */
    public static @Nullable Object read(byte[] bytes, ClassLoader loader) throws IOException, ClassNotFoundException {
        return read(new DataInputStream(new ByteArrayInputStream(bytes)), loader, false);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new StreamCorruptedException(length + " bytes were announced, " + bytes.length + " arrived");
        }
        return bytes;
    }

    private static @Nullable Object readObject(byte[] bytes, ClassLoader loader, boolean lambdas)
            throws IOException, ClassNotFoundException {
        try (var in =
                new FilteredObjects(new ByteArrayInputStream(bytes), loader, new ValueFilter(lambdas, bytes.length))) {
            return in.next();
        }
    }
}
