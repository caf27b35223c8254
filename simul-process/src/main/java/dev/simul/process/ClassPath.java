package dev.simul.process;

import dev.simul.Task;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The class path that makes a child see the classes this JVM sees.
 *
 * <p>It is this JVM's class path (a jar whose manifest names others brings them along, as everywhere), then its module
 * path: in a child everything is on the class path. Then Simul's own jars, which a container may have loaded from
 * elsewhere.
 */
final class ClassPath {
    private ClassPath() {}

    static Collection<Path> with(List<Path> added) throws IOException {
        Set<Path> entries = new LinkedHashSet<>();
        for (String entry : split("java.class.path")) {
            entries.add(Path.of(entry).toAbsolutePath());
        }
        for (String entry : split("jdk.module.path")) {
            addModules(Path.of(entry).toAbsolutePath(), entries);
        }
        for (Class<?> own : List.of(ProcessPool.class, Task.class)) {
            Path origin = origin(own);
            if (origin != null) {
                entries.add(origin);
            }
        }
        for (Path entry : added) {
            entries.add(entry.toAbsolutePath());
        }
        return entries;
    }

    private static List<String> split(String property) {
        return Stream.of(System.getProperty(property, "").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    // A directory on the module path is a module itself, or holds modules.
    private static void addModules(Path entry, Set<Path> entries) throws IOException {
        if (!Files.isDirectory(entry) || Files.exists(entry.resolve("module-info.class"))) {
            entries.add(entry);
            return;
        }
        try (Stream<Path> inside = Files.list(entry)) {
            inside.filter(path -> Files.isDirectory(path) || path.toString().endsWith(".jar"))
                    .sorted()
                    .forEach(entries::add);
        }
    }

    private static @Nullable Path origin(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return null;
        }
        URI location = URI.create(source.getLocation().toString());
        return location.getScheme().equals("file") ? Path.of(location) : null;
    }
}
