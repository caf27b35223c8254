package dev.simul.benchmarks;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * One line of the table: the work, who does it beside Simul, and the floor.
 *
 * @param name what the contestants know it by
 * @param work the same in words
 * @param unit of every figure in it
 * @param better which figure wins
 * @param peers their names, in the order in which they take turns after Simul
 * @param once whether a contestant plays only one round before its process ends (memory)
 * @param tasks how many tasks it is about, if that is what tells it from others of the same name
 */
record Row(
        String name,
        String work,
        String unit,
        Better better,
        List<String> peers,
        Floor floor,
        boolean once,
        OptionalInt tasks) {
    Row(String name, String work, String unit, List<String> peers, Floor floor) {
        this(name, work, unit, Better.LOWER, peers, floor);
    }

    Row(String name, String work, String unit, Better better, List<String> peers, Floor floor) {
        this(name, work, unit, better, peers, floor, false, OptionalInt.empty());
    }

    /** The same, with a process of its own for every round. */
    Row playedOnce() {
        return new Row(name, work, unit, better, peers, floor, true, tasks);
    }

    /** The same with a number of tasks. */
    Row with(int number) {
        return new Row(name, work, unit, better, peers, floor, once, OptionalInt.of(number));
    }

    /** Whether there is something to be held; without, the row is there to be read. */
    boolean hasFloor() {
        return !(floor instanceof Floor.None);
    }

    /** What {@code --json} calls it; what follows a slash in the name stays last. */
    String label() {
        return tasks.isPresent() ? name.replaceFirst("(?=/|$)", "-" + tasks.getAsInt()) : name;
    }

    /** Everybody in it, Simul first. */
    List<String> contestants() {
        return Stream.concat(Stream.of("simul"), peers.stream()).toList();
    }
}
