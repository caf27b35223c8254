package dev.simul.benchmarks.chaos;

import dev.simul.jobs.SimulJob;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;

/** The work; every run is counted in a ledger that no fault touches. */
final class ChaosTasks {
    static final String LEDGER = "simul.chaos.ledger";

    private ChaosTasks() {}

    private static final class Ledger {
        static final StatefulRedisConnection<String, String> CONNECTION =
                RedisClient.create(System.getProperty(LEDGER)).connect();
    }

    /** Counts the run, takes its time, and fails as often as the plan says. */
    @SimulJob("chaos.work")
    static int work(String id, int millis, int failures) throws InterruptedException {
        long run = Ledger.CONNECTION.sync().incr(id);
        Thread.sleep(millis);
        if (run <= failures) {
            throw new IllegalStateException("run " + run + " of " + id + " fails, as planned");
        }
        return millis;
    }
}
