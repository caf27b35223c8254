package dev.simul.cli.compare;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Calls the user's own {@link Callable} or {@link Function}; a new instance for every unit, since units run side by side. */
final class ClassWork implements Work {
    private final Constructor<?> constructor;

    private ClassWork(Constructor<?> constructor) {
        this.constructor = constructor;
    }

    /**
     * Finds the class.
     *
     * @param classPath jars and folders as for {@code java -cp}; empty for the command's own class path
     * @throws IllegalArgumentException if the class is not there or not of a kind that can be called
     */
    static ClassWork load(String name, String classPath) {
        try {
            var paths = Pattern.compile(Pattern.quote(File.pathSeparator)).splitAsStream(classPath);
            // Never closed: the class may load others until the JVM ends.
            var loader = new URLClassLoader(
                    paths.filter(path -> !path.isEmpty()).map(ClassWork::url).toArray(URL[]::new));
            var type = Class.forName(name, true, loader);
            if (Stream.of(Callable.class, Function.class).noneMatch(kind -> kind.isAssignableFrom(type))) {
                throw new IllegalArgumentException("class " + name
                        + " must be a java.util.concurrent.Callable or a java.util.function.Function<String, ?>");
            }
            return new ClassWork(type.getConstructor());
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    "class " + name + " is not there (" + e + "); say where with --classpath", e);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("class " + name + " needs a public constructor without parameters", e);
        }
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no class path entry: " + path, e);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // a Function that takes no String says so itself, as this unit's failure
    public String answer(String unit, Turn turn) throws Exception {
        return String.valueOf(
                switch (instance()) {
                    case Callable<?> callable -> callable.call();
                    case Function<?, ?> function -> ((Function<String, ?>) function).apply(unit);
                    default -> throw new IllegalStateException(constructor + " was checked when it was loaded");
                });
    }

    private Object instance() throws Exception {
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** What the user's code blocks in is not ours to turn into waiting. */
    @Override
    public String inTurns() {
        return "which cannot overlap blocking calls";
    }

    @Override
    public void warmUp(String unit) {
        try {
            answer(unit, Turn.PLAIN);
        } catch (Exception _) {
            // it will be reported where it counts
        }
    }
}
