package dev.simul.process.internal.wire;

import java.io.ObjectInputFilter;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which classes may be read from the other side.
 *
 * <p>The rule: whatever the application brought itself (its class path; never the JDK's own classes), and of the JDK
 * only values: {@code java.lang}, {@code java.math}, {@code java.net}, {@code java.io}, {@code java.text},
 * {@code java.sql}, {@code java.nio.file}, all of {@code java.time} and {@code java.util}, and exceptions of any
 * package. No dynamic proxies. Lambdas only towards the child, as arguments: a result is data, never code. No array
 * with more elements than a payload has bytes. A filter set for the whole JVM ({@code jdk.serialFilter}) is asked too.
 */
final class ValueFilter implements ObjectInputFilter {
    private static final Set<String> VALUES =
            Set.of("java.lang", "java.math", "java.net", "java.io", "java.text", "java.sql", "java.nio.file");
    private static final int DEEPEST = 1_000;

    private final boolean lambdas;
    private final int maxArrayLength;
    private @Nullable Class<?> refused;

    ValueFilter(boolean lambdas, int maxArrayLength) {
        this.lambdas = lambdas;
        this.maxArrayLength = maxArrayLength;
    }

    /** The class that was refused last. */
    @Nullable
    Class<?> refused() {
        return refused;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        if (info.arrayLength() > maxArrayLength || info.depth() > DEEPEST) {
            return Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        if (type == null) {
            return Status.UNDECIDED;
        }
        if (isAllowed(type)) {
            return Status.ALLOWED;
        }
        refused = type;
        return Status.REJECTED;
    }

    private boolean isAllowed(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        if (element.isPrimitive() || Throwable.class.isAssignableFrom(element)) {
            return true;
        }
        if (Proxy.isProxyClass(element)) {
            return false;
        }
        if (element == SerializedLambda.class) {
            return lambdas;
        }
        ClassLoader loader = element.getClassLoader();
        if (loader != null && !loader.equals(ClassLoader.getPlatformClassLoader())) {
            // Some of the JDK's tools, the compiler for one, are loaded by the application's loader.
            return !(element.getModule().isNamed()
                    && element.getModule().getName().startsWith("jdk."));
        }
        String name = element.getPackageName();
        return VALUES.contains(name) || name.startsWith("java.util") || name.startsWith("java.time");
    }
}
