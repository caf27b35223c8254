package dev.simul.process.internal.wire;

import dev.simul.process.ChildFailureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.io.UncheckedIOException;

/** An exception on its way to the parent: as itself when it can be, and as text for when it cannot be read there. */
public final class Failure {
    private Failure() {}

    /** The payload of a FAILURE frame: length of the exception (0 if it cannot be serialised), exception, text. */
    public static byte[] encode(Throwable thrown) {
        byte[] itself = {};
        try {
            itself = Values.write(thrown);
        } catch (IOException | RuntimeException | StackOverflowError cannotTravel) {
            // Its text does.
        }
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(itself.length);
            out.write(itself);
            out.write(Values.write(ChildFailureException.textOf(thrown)));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The exception that {@link #encode} was given, or its text when this JVM cannot or may not read it. */
    public static Throwable decode(byte[] payload, ClassLoader loader) throws IOException, ClassNotFoundException {
        var in = new DataInputStream(new ByteArrayInputStream(payload));
        byte[] itself = in.readNBytes(in.readInt());
        byte[] text = in.readAllBytes();
        if (itself.length > 0) {
            try {
                return exception(itself, loader);
            } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError unreadable) {
                Throwable substitute = exception(text, loader);
                substitute.addSuppressed(unreadable);
                return substitute;
            }
        }
        return exception(text, loader);
    }

    private static Throwable exception(byte[] bytes, ClassLoader loader) throws IOException, ClassNotFoundException {
        if (Values.read(bytes, loader) instanceof Throwable thrown) {
            return thrown;
        }
        throw new StreamCorruptedException("the child sent something else as an exception");
    }
}
