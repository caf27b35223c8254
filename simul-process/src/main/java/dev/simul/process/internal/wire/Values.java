package dev.simul.process.internal.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/** Writes values, and reads them under {@link ValueFilter}'s rule, with the classes of a given loader. */
public final class Values extends ObjectInputStream {
    private final ClassLoader loader;
    private final ValueFilter filter;

    private Values(InputStream in, ClassLoader loader, ValueFilter filter) throws IOException {
        super(in);
        this.loader = loader;
        this.filter = filter;
        setObjectInputFilter(ObjectInputFilter.merge(filter, ObjectInputFilter.Config.getSerialFilter()));
    }

    /** A stream of arguments, in the child. */
    static Values arguments(InputStream in, ClassLoader loader) throws IOException {
        return new Values(in, loader, new ValueFilter(true, Integer.MAX_VALUE));
    }

    /** The bytes of one value. */
    public static byte[] write(@Nullable Object value) throws IOException {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        }
        return bytes.toByteArray();
    }

    /** The value that {@link #write} was given in the child. */
    public static @Nullable Object read(byte[] bytes, ClassLoader loader) throws IOException, ClassNotFoundException {
        try (var in = new Values(new ByteArrayInputStream(bytes), loader, new ValueFilter(false, bytes.length))) {
            return in.next();
        }
    }

    /** The next value, whatever it is. */
    @Nullable
    Object next() throws IOException, ClassNotFoundException {
        try {
            return readObject();
        } catch (InvalidClassException rejected) {
            Class<?> refused = filter.refused();
            if (refused == null) {
                throw rejected;
            }
            throw new InvalidClassException(
                    refused.getName(),
                    "not let in: of the JDK's classes only values and exceptions travel, and lambdas only as arguments;"
                            + " pass a record or a class of your own");
        }
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
        try {
            return Class.forName(description.getName(), false, loader);
        } catch (ClassNotFoundException notThere) {
            return super.resolveClass(description);
        }
    }
}
