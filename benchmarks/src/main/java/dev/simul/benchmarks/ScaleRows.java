package dev.simul.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/** The rows of group {@code scale}: what one operation costs while 10 to 1,000,000 tasks are alive. */
final class ScaleRows {
    private static final List<Integer> TASKS = List.of(10, 100, 1_000, 10_000, 100_000, 1_000_000);
    private static final List<String> PEERS = List.of("bare-vt", "kotlin", "go", "asyncio");

    static final List<Row> ROWS = Stream.of(
                    new Row("turn", "a turn of one of so many tasks", "ns", PEERS, new Floor.Times(1.3, "bare-vt")),
                    new Row("spawn-among", "spawn and await among so many", "ns", PEERS, new Floor.Times(1, "go")))
            .flatMap(row -> TASKS.stream().map(row::with))
            .toList();

    private ScaleRows() {}
}
