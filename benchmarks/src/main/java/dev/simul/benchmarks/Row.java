package dev.simul.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * One line of the table: the work, who does it beside Simul, and the floor.
 *
 * @param name what {@code --json} calls it, and what the contestants know it by
 * @param work the same in words
 * @param unit of every figure in it; the lower the better
 * @param peers their names, in the order in which they take turns after Simul
 * @param once whether a contestant plays only one round before its process ends (memory)
 */
record Row(String name, String work, String unit, List<String> peers, Floor floor, boolean once) {
    /** Everybody in it, Simul first. */
    List<String> contestants() {
        return Stream.concat(Stream.of("simul"), peers.stream()).toList();
    }
}
