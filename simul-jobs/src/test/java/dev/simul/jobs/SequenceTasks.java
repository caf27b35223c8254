package dev.simul.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** What {@code tasks.py} offers, for sequences. */
final class SequenceTasks {
    /** Where jobs say that they have begun, and look whether they may go on. */
    static volatile @Nullable Path gates;

    private SequenceTasks() {}

    @SimulJob("tasks.add")
    static int add(int a, int b) {
        return a + b;
    }

    @SimulJob("tasks.echo")
    static @Nullable Object echo(@Nullable Object value) {
        return value;
    }

    @SimulJob("tasks.noop")
    static void noop() {}

    @SimulJob("tasks.boom")
    static int boom(String message) {
        throw new IllegalStateException(message);
    }

    @SimulJob("tasks.hold")
    static String hold(String id) throws IOException, InterruptedException {
        if (Files.exists(gate(id + ".begun"))) {
            return id;
        }
        Files.createFile(gate(id + ".begun"));
        while (!Files.exists(gate(id + ".open"))) {
            Thread.sleep(Duration.ofMillis(2));
        }
        return id;
    }

    @SimulJob("tasks.hold_and_boom")
    static String holdAndBoom(String id) throws IOException, InterruptedException {
        hold(id);
        throw new IllegalStateException("no luck");
    }

    @SimulJob("tasks.once_broken")
    static String onceBroken(String mark) throws IOException {
        if (!Files.exists(gate(mark))) {
            Files.createFile(gate(mark));
            throw new IllegalStateException("not yet");
        }
        return "at last";
    }

    @SimulJob("tasks.broken_the_second_time")
    static String brokenTheSecondTime(String mark) throws IOException {
        if (Files.exists(gate(mark))) {
            throw new IllegalStateException("not any more");
        }
        Files.createFile(gate(mark));
        return "for now";
    }

    @SimulJob("tasks.unwritable")
    static Object unwritable() {
        var self = new ArrayList<Object>();
        self.add(self);
        return self;
    }

    @SimulJob("tasks.note_meta")
    static void noteMeta(String key, Object value) {
        var job = CurrentJob.get();
        job.meta().put(key, value);
        job.saveMeta();
    }

    @SimulJob("tasks.again")
    static Retry again(int times) {
        return Retry.of(times);
    }

    @SimulJob("tasks.again_at_front")
    static Retry againAtFront(int times) {
        return Retry.of(times).atFront(true);
    }

    @SimulJob("tasks.again_later")
    static Retry againLater(int times, int seconds) {
        return Retry.of(times, Duration.ofSeconds(seconds));
    }

    @SimulJob("tasks.succeeded")
    static void succeeded() {}

    @SimulJob("tasks.went_wrong")
    static void wentWrong() {}

    @SimulJob("tasks.stopped")
    static void stopped() {}

    static Path gate(String name) {
        var folder = gates;
        if (folder == null) {
            throw new IllegalStateException("no folder for gates");
        }
        return folder.resolve(name);
    }
}
