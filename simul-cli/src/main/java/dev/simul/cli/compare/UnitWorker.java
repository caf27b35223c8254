package dev.simul.cli.compare;

import dev.simul.jobs.Worker;
import java.io.IOException;
import java.util.List;

/** A worker process of the comparison's own queue; it offers nothing but {@link RemoteUnit}. */
public final class UnitWorker {
    private UnitWorker() {}

    /** @param practiceQueue a queue that no other worker serves */
    static ChildJvm start(String redisUrl, String name, int concurrency, String queue, String practiceQueue)
            throws IOException {
        return ChildJvm.start(
                UnitWorker.class,
                List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED"),
                List.of(redisUrl, name, Integer.toString(concurrency), queue, practiceQueue));
    }

    /** Works until told to stop, or until the parent is gone. */
    public static void main(String[] args) throws InterruptedException {
        var worker = Worker.on(args[0])
                .name(args[1])
                .concurrency(Integer.parseInt(args[2]))
                .queues(args[3], args[4])
                .functions(RemoteUnit.class)
                .build();
        ChildJvm.ready(worker.name(), worker::stop);
        worker.run();
    }
}
