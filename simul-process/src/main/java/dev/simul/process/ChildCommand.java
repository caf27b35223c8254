package dev.simul.process;

import dev.simul.process.internal.child.ChildMain;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The command line of a child JVM: all of it in a file, because a class path may be longer than a command line.
 *
 * <p>The C2 compiler stays: children are for work that takes long. Without it a child is ready 8 ms earlier and its
 * loops are slower ever after.
 */
final class ChildCommand {
    private static final List<String> OPTIONS = List.of(
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            // Last words of the JVM itself belong to the lines that are kept.
            "-XX:+DisplayVMOutputToStderr",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8");

    private ChildCommand() {}

    /** The java of the JDK that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Writes the arguments into a file that {@code java @file} reads; the socket is where the child shall call. */
    static void write(Path file, Path socket, PoolSettings settings) throws IOException {
        var arguments = new ArrayList<>(OPTIONS);
        if (settings.jvmOptions().stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
            arguments.add("-XX:+UseSerialGC");
        }
        arguments.addAll(settings.jvmOptions());
        arguments.add("-cp");
        arguments.add(ClassPath.with(settings.addedClassPath()).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
        arguments.add(ChildMain.class.getName());
        arguments.add(socket.toString());
        arguments.add(Integer.toString(settings.maxPayloadBytes()));
        Files.write(file, arguments.stream().map(ChildCommand::quoted).toList());
    }

    private static String quoted(String argument) {
        return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
