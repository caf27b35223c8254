package dev.simul.cli.jobs;

import dev.simul.cli.ClassPath;
import dev.simul.jobs.ExceptionHandler;
import dev.simul.jobs.Worker;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The user's classes that a worker calls. */
final class CodeOptions {
    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Jars and folders with the classes of --jobs, written as for java -cp.")
    @SuppressWarnings("NullAway.Init")
    private String classPath;

    @Option(
            names = "--jobs",
            paramLabel = "CLASS",
            split = ",",
            description = "Classes whose @SimulJob methods to offer.")
    private List<String> jobs = List.of();

    @Option(
            names = "--demo",
            description =
                    "Offer demo.add(a, b), demo.count_words_at_url(url), demo.sleep(seconds), demo.fail(message).")
    private boolean demo;

    @Option(
            names = "--exception-handler",
            paramLabel = "CLASS",
            split = ",",
            description =
                    "Call this dev.simul.jobs.ExceptionHandler when a job has failed; several are called in their order.")
    private List<String> exceptionHandlers = List.of();

    /**
     * Looks at the options alone.
     *
     * @throws IllegalArgumentException if they leave nothing to run
     */
    void requireSomethingToRun() {
        if (jobs.isEmpty() && !demo) {
            throw new IllegalArgumentException("nothing to run: give --jobs CLASS,... or --demo");
        }
        if (!classPath.isEmpty() && jobs.isEmpty() && exceptionHandlers.isEmpty()) {
            throw new IllegalArgumentException(
                    "--classpath " + classPath + " without --jobs: say which classes to take from it");
        }
    }

    /**
     * Gives the classes to a worker.
     *
     * @throws IllegalArgumentException if one is not there or not what it should be
     */
    void giveTo(Worker.Builder worker) {
        var path = ClassPath.open(classPath);
        if (demo) {
            worker.functions(DemoJobs.class);
        }
        jobs.forEach(name -> worker.functions(path.find(name)));
        exceptionHandlers.forEach(name -> worker.exceptionHandlers(handler(path, name)));
        if (!classPath.isEmpty()) {
            worker.childClassPath(Arrays.stream(classPath.split(File.pathSeparator))
                    .map(Path::of)
                    .toArray(Path[]::new));
        }
    }

    private static ExceptionHandler handler(ClassPath path, String name) {
        var type = path.find(name);
        if (!ExceptionHandler.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(
                    "--exception-handler " + name + " does not implement " + ExceptionHandler.class.getName());
        }
        try {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (ExceptionHandler) constructor.newInstance();
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "--exception-handler " + name + " cannot be made: it needs a constructor without parameters that"
                            + " works (" + e + ")",
                    e);
        }
    }
}
