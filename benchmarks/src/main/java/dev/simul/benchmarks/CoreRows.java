package dev.simul.benchmarks;

import java.util.List;

/** The rows of group {@code core}. */
final class CoreRows {
    private static final List<String> RUNTIMES = List.of("bare-vt", "jdk-vt", "kotlin", "go", "asyncio", "uvloop");

    /** Where Go cannot be had: it needed 0.7 times what the JDK's virtual threads did. */
    private static final Floor SPAWN_FLOOR = new Floor.Else(new Floor.Times(1, "go"), new Floor.Times(0.7, "jdk-vt"));

    static final List<Row> ROWS = List.of(
            new Row(
                    "switch",
                    "coroutine switch: sleep(0), 1,000 tasks",
                    "ns",
                    RUNTIMES,
                    new Floor.Times(1.3, "bare-vt"),
                    false),
            new Row("spawn", "spawn a task and await it", "ns", RUNTIMES, SPAWN_FLOOR, false),
            new Row("gather", "gather of 10,000 tasks, per task", "ns", RUNTIMES, new Floor.Times(1, "kotlin"), false),
            new Row("memory", "heap of a parked task", "bytes", RUNTIMES, new Floor.Times(1.25, "bare-vt"), true),
            new Row(
                    "generator-next",
                    "generator: next()",
                    "ns",
                    List.of("bare-vt", "kotlin", "cpython"),
                    new Floor.AtMost(180, "ns"),
                    false),
            new Row(
                    "generator-foreach",
                    "generator: forEach",
                    "ns",
                    List.of("kotlin", "cpython"),
                    new Floor.AtMost(10, "ns"),
                    false));

    private CoreRows() {}
}
