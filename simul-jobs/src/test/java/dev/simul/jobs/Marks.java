package dev.simul.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Job functions that leave a mark in a file for each run, without Redis. */
final class Marks {
    private Marks() {}

    @SimulJob("marks.mark")
    static String mark(String file) {
        leave(file);
        return file;
    }

    @SimulJob("marks.fail")
    static void fail(String file) {
        leave(file);
        throw new IllegalStateException("no luck");
    }

    @SimulJob("marks.again")
    static Retry again(String file) {
        leave(file);
        return Retry.of(1);
    }

    @SimulJob(value = "marks.apart", isolation = Isolation.PROCESS)
    static String apart(String file) {
        leave(file);
        return file;
    }

    @SimulJob("marks.progress")
    static String progress(String file) {
        leave(file);
        var job = CurrentJob.get();
        job.meta().put("seen", true);
        job.saveMeta();
        job.progress(1, 2);
        return file;
    }

    @SimulJob("marks.told")
    static void told(String file) {
        leave(file + ".told");
    }

    private static void leave(String file) {
        try {
            Files.writeString(Path.of(file), "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often a function has run. */
    static long count(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }
}
