package dev.simul.examples;

import static dev.simul.Async.gather;
import static dev.simul.Async.on;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static java.time.Duration.ofMillis;

import dev.simul.Generator;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Three requests are served at the same time, and every line of the log says which one it belongs to: also those of child
 * tasks, of generators and of work on another thread.
 */
public final class LogOfRequests {

    private LogOfRequests() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("slf4j.provider", TaskLocalMdcProvider.class.getName());
        run(() -> gather(() -> serve("1", 3), () -> serve("2", 2), () -> serve("3", 1)));
    }

    static boolean serve(String request, int patience) throws Exception {
        Logger log = LoggerFactory.getLogger(LogOfRequests.class);
        MDC.put("request", request);
        log.info("begins");
        var child = spawn(() -> {
            MDC.put("request", request + ", child");
            sleep(ofMillis(10L * patience));
            log.info("works in a task");
        });
        try (var threads = Executors.newSingleThreadExecutor()) {
            on(threads, () -> log.info("works in a thread")).await();
        }
        Generator.<Integer>of(out -> {
                    out.yield(1);
                    log.info("works in a generator");
                })
                .forEach(_ -> {});
        child.await();
        log.info("ends");
        return true;
    }
}
