package dev.simul.benchmarks;

import dev.simul.Generator;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a generator costs, for a look inside with JMH's profilers: {@code benchmarks/run jmh Generator -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GeneratorBenchmark {
    private static final int ITEMS = 10_000;

    private Generator<Long> endless = numbers(Long.MAX_VALUE);
    private Iterator<Long> iterator = endless.iterator();

    private static Generator<Long> numbers(long count) {
        return Generator.of(out -> {
            for (long number = 0; number < count; number++) out.yield(number);
        });
    }

    @Setup
    public void open() {
        endless = numbers(Long.MAX_VALUE);
        iterator = endless.iterator();
    }

    @TearDown
    public void close() {
        endless.close();
    }

    @Benchmark
    public long next() {
        return iterator.next();
    }

    @Benchmark
    @OperationsPerInvocation(ITEMS)
    public long forEach() {
        var total = new long[1];
        try (var numbers = numbers(ITEMS)) {
            numbers.forEach(number -> total[0] += number);
        }
        return total[0];
    }

    @Benchmark
    public long openTakeOneClose() {
        try (var numbers = numbers(2)) {
            return numbers.iterator().next();
        }
    }
}
