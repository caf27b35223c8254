package dev.simul.benchmarks;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the event loop costs, for a look inside with JMH's profilers: {@code benchmarks/run jmh Loop -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LoopBenchmark {
    private static final int OPERATIONS = 10_000;

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public List<Integer> switchesOfTwo() throws Exception {
        return run(() -> gather(LoopBenchmark::yieldOften, LoopBenchmark::yieldOften));
    }

    private static int yieldOften() {
        for (int turn = 0; turn < OPERATIONS / 2; turn++) sleep(Duration.ZERO);
        return 1;
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int spawnAndAwait() throws Exception {
        return run(() -> {
            int sum = 0;
            for (int task = 0; task < OPERATIONS; task++) sum += spawn(() -> 1).await();
            return sum;
        });
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public int awaitWhatIsDone() throws Exception {
        return run(() -> {
            var done = spawn(() -> 1);
            int sum = 0;
            for (int task = 0; task < OPERATIONS; task++) sum += done.await();
            return sum;
        });
    }

    @Benchmark
    public int runOnce() throws Exception {
        return run(() -> 1);
    }
}
