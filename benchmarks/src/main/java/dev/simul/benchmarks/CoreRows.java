package dev.simul.benchmarks;

import java.util.List;

/** The rows of group {@code core}. */
final class CoreRows {
    private static final List<String> RUNTIMES = List.of("bare-vt", "jdk-vt", "kotlin", "go", "asyncio", "uvloop");
    private static final List<String> LIBRARIES = List.of("jdk-vt", "kotlin", "go", "asyncio", "uvloop");

    /** Where Go cannot be had: it needed 0.7 times what the JDK's virtual threads did. */
    private static final Floor SPAWN_FLOOR = new Floor.Else(new Floor.Times(1, "go"), new Floor.Times(0.7, "jdk-vt"));

    static final List<Row> ROWS = List.of(
            new Row(
                    "switch",
                    "coroutine switch: sleep(0), 1,000 tasks",
                    "ns",
                    RUNTIMES,
                    new Floor.Times(1.3, "bare-vt")),
            new Row("spawn", "spawn a task and await it", "ns", RUNTIMES, SPAWN_FLOOR),
            new Row("gather", "gather of 10,000 tasks, per task", "ns", RUNTIMES, SPAWN_FLOOR),
            new Row(
                    "ping-pong",
                    "there and back over two rendezvous channels",
                    "ns",
                    RUNTIMES,
                    new Floor.Times(1, "jdk-vt")),
            new Row(
                    "channel",
                    "item through a channel with room for 1,000",
                    "ns",
                    LIBRARIES,
                    new Floor.Times(1, "kotlin")),
            new Row("timer-fire", "timer created and fired, 100,000", "ns", LIBRARIES, new Floor.Times(1, "jdk-vt")),
            new Row(
                    "timer-cancel",
                    "timer created and cancelled, 100,000",
                    "ns",
                    LIBRARIES,
                    new Floor.Times(1, "jdk-vt")),
            new Row("memory", "heap of a parked task", "bytes", RUNTIMES, new Floor.Times(1.25, "bare-vt"))
                    .playedOnce(),
            new Row(
                    "generator-next",
                    "generator: next()",
                    "ns",
                    List.of("bare-vt", "kotlin", "cpython"),
                    new Floor.AtMost(180, "ns")),
            new Row(
                    "generator-foreach",
                    "generator: forEach",
                    "ns",
                    List.of("kotlin", "cpython"),
                    new Floor.AtMost(10, "ns")),
            new Row(
                    "generator-deep",
                    "generator: next() through 20 delegations",
                    "ns",
                    List.of("bare-vt", "kotlin", "cpython"),
                    new Floor.Times(1, "cpython")),
            new Row(
                    "loop",
                    "a loop opened, run and closed",
                    "ns",
                    List.of("jdk-vt", "kotlin", "asyncio", "uvloop"),
                    new Floor.Times(1, "asyncio")));

    private CoreRows() {}
}
