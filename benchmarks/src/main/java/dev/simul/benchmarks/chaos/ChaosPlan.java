package dev.simul.benchmarks.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is enqueued and what goes wrong meanwhile; the same seed gives the same plan.
 *
 * @param jobs in the order in which they are enqueued
 * @param faults in the order in which they strike
 */
record ChaosPlan(long seed, List<Work> jobs, List<Fault> faults) {

    /** Work for thirty slots and half a minute, so that faults strike while jobs run, however few there are. */
    private static final int SLOT_MILLIS = 900_000;

    /**
     * One job.
     *
     * @param failures how many of its runs fail
     * @param retries how many further attempts it has
     * @param retryPause before each of them
     * @param parents earlier jobs that have to end first, in whatever way
     * @param delay until it is due; zero: now
     */
    record Work(
            String id,
            int millis,
            int failures,
            int retries,
            Duration retryPause,
            List<String> parents,
            Duration delay) {
        /** Whether its last attempt succeeds. */
        boolean willFinish() {
            return failures <= retries;
        }
    }

    /** What can go wrong. */
    enum Fault {
        /** A worker is killed with {@code kill -9}, and another one started. */
        KILL,
        /** A worker stands still for longer than its heartbeat lasts, and then goes on as if nothing had been. */
        PAUSE,
        /** Redis is killed with {@code kill -9}, and comes back with what its append-only file holds. */
        REDIS,
        /** All connections are cut. */
        CUT,
        /** Ids of jobs arrive that no program should have written. */
        FLOOD
    }

    static ChaosPlan of(long seed, int jobs) {
        var random = new SplittableRandom(seed);
        var works = new ArrayList<Work>();
        for (int i = 0; i < jobs; i++) {
            works.add(work(random, i, jobs));
        }
        return new ChaosPlan(seed, works, faults(random, jobs));
    }

    private static Work work(SplittableRandom random, int number, int jobs) {
        var id = "job-" + number;
        int millis = random.nextInt(1, 2 * Math.clamp(SLOT_MILLIS / jobs, 20, 2_000));
        int failures = 0;
        int retries = 0;
        var pause = Duration.ZERO;
        var parents = new ArrayList<String>();
        var delay = Duration.ZERO;
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> { // fails once or twice, and has attempts enough
                failures = random.nextInt(1, 3);
                retries = 3;
                pause = Duration.ofSeconds(random.nextInt(2));
            }
            case 4 -> { // fails for good
                failures = Integer.MAX_VALUE;
                retries = random.nextInt(2);
            }
            case 5, 6, 7 -> {
                for (int p = random.nextInt(1, 4); p > 0 && number > 0; p--) {
                    parents.add("job-" + random.nextInt(Math.max(0, number - 200), number));
                }
            }
            case 8, 9 -> delay = Duration.ofSeconds(random.nextInt(1, 8));
            default -> {}
        }
        return new Work(id, millis, failures, retries, pause, List.copyOf(parents), delay);
    }

    /** Each kind at least once; one more for every thousand jobs. */
    private static List<Fault> faults(SplittableRandom random, int jobs) {
        var faults = new ArrayList<>(List.of(Fault.values()));
        for (int i = 0; i < jobs / 1000; i++) {
            faults.add(Fault.values()[random.nextInt(Fault.values().length)]);
        }
        for (int i = faults.size() - 1; i > 0; i--) {
            faults.set(i, faults.set(random.nextInt(i + 1), faults.get(i)));
        }
        return List.copyOf(faults);
    }
}
