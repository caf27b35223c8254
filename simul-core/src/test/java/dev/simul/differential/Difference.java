package dev.simul.differential;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A program of which two interpreters tell different traces.
 *
 * @param program the program
 * @param asyncio CPython's trace
 * @param simul Simul's trace
 */
record Difference(Node program, List<String> asyncio, List<String> simul) {

    /** The difference if there is one. Where CPython gives up there is none. */
    static @Nullable Difference of(Node program, List<String> asyncio, List<String> simul) {
        return asyncio.equals(simul) || asyncio.equals(Python.GAVE_UP) ? null : new Difference(program, asyncio, simul);
    }

    /** That of the smallest program that shows one; this one if it does not come again. */
    Difference shortened(Function<Node, List<String>> asyncio, Function<Node, List<String>> simul) {
        if (of(program, asyncio.apply(program), simul.apply(program)) == null) {
            return this;
        }
        var smallest = Shortener.shorten(
                program, candidate -> of(candidate, asyncio.apply(candidate), simul.apply(candidate)) != null);
        return new Difference(smallest, asyncio.apply(smallest), simul.apply(smallest));
    }

    @Override
    public String toString() {
        var text = new StringBuilder(
                        asyncio.equals(simul) ? "Simul does as asyncio does in\n" : "Simul differs from asyncio in\n")
                .append(program)
                .append('\n');
        int common = 0;
        while (common < Math.min(asyncio.size(), simul.size())
                && asyncio.get(common).equals(simul.get(common))) {
            text.append("    both    ").append(asyncio.get(common++)).append('\n');
        }
        asyncio.stream()
                .skip(common)
                .forEach(line -> text.append("    asyncio ").append(line).append('\n'));
        simul.stream()
                .skip(common)
                .forEach(line -> text.append("    Simul   ").append(line).append('\n'));
        return text.toString();
    }
}
