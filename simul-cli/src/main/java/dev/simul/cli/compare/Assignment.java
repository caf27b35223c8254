package dev.simul.cli.compare;

import dev.simul.cli.compare.WorkSpec.Kind;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the user wants done: the kind of work, and its units.
 *
 * @param inputs the units, as given; empty for the usual ones
 * @param count how many of the usual ones
 * @param program the command or the class; empty if the kind needs none
 * @param classPath where the class is; may be empty
 */
record Assignment(Kind kind, List<String> inputs, int count, String program, String classPath) {
    private static final int FIRST_BOUND = 1_000_000;

    /**
     * Checks what can be checked before anything runs. A URL that leads nowhere is not among it: it is a unit that fails.
     *
     * @throws IllegalArgumentException naming the option and the way out
     */
    Assignment {
        switch (kind) {
            case CPU ->
                inputs.stream().filter(bound -> !bound.matches("\\d{1,8}")).forEach(bound -> {
                    throw new IllegalArgumentException(
                            "INPUT must be a number below 100000000 with --work cpu, was '" + bound + "'");
                });
            case EXEC -> {
                if (inputs.isEmpty()) {
                    throw new IllegalArgumentException(
                            "--exec needs inputs; give them as arguments, or in a file with --urls FILE");
                }
            }
            case CLASS -> checkClass(program, classPath);
            case WORDS, MIXED -> {}
        }
    }

    private static void checkClass(String name, String classPath) {
        entries(classPath).stream().filter(Files::notExists).findFirst().ifPresent(missing -> {
            throw new IllegalArgumentException("--classpath: " + missing + " is not there");
        });
        try {
            ClassWork.load(name, classPath);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--class: " + e.getMessage(), e);
        }
    }

    boolean needsSite() {
        return kind == Kind.WORDS || kind == Kind.MIXED;
    }

    /** @param site the address of our own web site; empty if none is needed */
    List<String> units(String site) {
        if (!inputs.isEmpty()) {
            return inputs;
        }
        return switch (kind) {
            case WORDS, MIXED -> Site.pages(site, count);
            case CPU -> numbered(FIRST_BOUND);
            case EXEC, CLASS -> numbered(1);
        };
    }

    /**
     * The work as text for other JVMs.
     *
     * @param mark see {@link Strays}; empty if the kind starts no commands
     */
    WorkSpec work(String site, String mark) {
        return switch (kind) {
            case WORDS, MIXED -> new WorkSpec(kind, Site.practicePage(site));
            case CPU -> new WorkSpec(kind);
            case EXEC -> new WorkSpec(kind, program, mark);
            case CLASS ->
                new WorkSpec(
                        kind,
                        program,
                        entries(classPath).stream()
                                .map(entry -> entry.toAbsolutePath().toString())
                                .collect(Collectors.joining(File.pathSeparator)));
        };
    }

    private List<String> numbered(int first) {
        return IntStream.range(first, first + count).mapToObj(Integer::toString).toList();
    }

    private static List<Path> entries(String classPath) {
        return Arrays.stream(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .toList();
    }
}
