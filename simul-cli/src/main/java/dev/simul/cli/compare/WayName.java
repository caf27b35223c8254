package dev.simul.cli.compare;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The ways, in the order in which they are run and shown. */
enum WayName {
    SEQUENTIAL,
    PROCESSES,
    THREADS,
    TURNS,
    LOOP,
    JOBS;

    Way create(Settings settings) throws Exception {
        return switch (this) {
            case SEQUENTIAL -> new SequentialWay(settings.work().open());
            case PROCESSES -> new ProcessesWay(settings);
            case THREADS -> new ThreadsWay(settings.work().open(), settings.concurrency());
            case TURNS -> new TurnsWay(settings.work().open(), settings.concurrency());
            case LOOP -> new LoopWay(settings.work().open(), settings.concurrency());
            case JOBS -> new JobsWay(settings);
        };
    }

    /**
     * Reads a list separated by commas; the ways come in their own order.
     *
     * @throws IllegalArgumentException naming the option and what it takes
     */
    static Set<WayName> parse(String list) {
        var ways = EnumSet.noneOf(WayName.class);
        for (var name : list.split(",", -1)) {
            ways.add(Arrays.stream(values())
                    .filter(way -> way.toString().equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--ways: '" + name + "' is no way; the ways are "
                            + Arrays.stream(values()).map(WayName::toString).collect(Collectors.joining(", ")))));
        }
        return ways;
    }

    /** As in options and output. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
