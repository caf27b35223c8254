package dev.simul.process.internal.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/** Reads serialised objects under {@link ValueFilter}'s rule, with the classes of a given loader. */
final class FilteredObjects extends ObjectInputStream {
    private final ClassLoader loader;
    private final ValueFilter filter;

    FilteredObjects(InputStream in, ClassLoader loader, ValueFilter filter) throws IOException {
        super(in);
        this.loader = loader;
        this.filter = filter;
        setObjectInputFilter(ObjectInputFilter.merge(filter, ObjectInputFilter.Config.getSerialFilter()));
    }

    /** The next object; when the rule refuses it, the exception says so. */
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
