package dev.simul.cli;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** The user's classes: what {@code --classpath} names, written as for {@code java -cp}. */
public final class ClassPath {
    private final String text;
    private final ClassLoader loader;

    private ClassPath(String text, ClassLoader loader) {
        this.text = text;
        this.loader = loader;
    }

    /**
     * Opens jars and folders; {@code folder/*} means every jar in it, empty the command's own class path alone.
     *
     * @throws IllegalArgumentException if one of them is not there
     */
    public static ClassPath open(String text) {
        var urls = new ArrayList<URL>();
        for (var entries = new StringTokenizer(text, File.pathSeparator); entries.hasMoreTokens(); ) {
            var entry = Path.of(entries.nextToken());
            for (var path : entry.endsWith("*") ? jars(entry.resolveSibling("")) : List.of(entry)) {
                urls.add(url(path));
            }
        }
        // Never closed: its classes may load others until the JVM ends.
        return new ClassPath(text, new URLClassLoader(urls.toArray(URL[]::new), ClassPath.class.getClassLoader()));
    }

    /**
     * Finds a class.
     *
     * @throws IllegalArgumentException if it is not there or cannot be loaded
     */
    public Class<?> find(String name) {
        try {
            return Class.forName(name, true, loader);
        } catch (ClassNotFoundException e) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the name of a class is missing, was '" + name + "'", e);
            }
            var where = text.isEmpty() ? "; say where with --classpath" : " on --classpath " + text;
            throw new IllegalArgumentException("no class " + name + where, e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException("class " + name + " cannot be loaded: " + e, e);
        }
    }

    private static List<Path> jars(Path folder) {
        try (var jars = Files.newDirectoryStream(folder, "*.{jar,JAR}")) {
            var sorted = new ArrayList<Path>();
            jars.forEach(sorted::add);
            sorted.sort(null);
            return sorted;
        } catch (IOException e) {
            throw new IllegalArgumentException("--classpath: no folder " + folder, e);
        }
    }

    private static URL url(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalArgumentException("--classpath: no file or folder " + path);
        }
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("--classpath: " + path + " cannot be read as a URL", e);
        }
    }
}
