package dev.simul.cli.compare;

import dev.simul.Async;
import dev.simul.EventLoop;
import dev.simul.Task;
import dev.simul.TaskGroup;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** Coroutines on one event loop: each unit is plain code, and waiting parks only its coroutine. */
final class LoopWay implements Way {
    private static final Turn COROUTINE = new Turn() {
        @Override
        public <T> T await(Task<T> task) throws Exception {
            return task.await();
        }

        @Override
        public void giveWay() {
            Async.sleep(Duration.ZERO);
        }
    };

    private final Work work;
    private final int concurrency;
    private final EventLoop loop = EventLoop.open();
    private int coroutines;

    LoopWay(Work work, int concurrency) {
        this.work = work;
        this.concurrency = concurrency;
        loop.cancelsOnCtrlC(false); // the comparison ends as a whole, see Interruption
    }

    @Override
    public void open(List<String> units) throws Exception {
        coroutines = Math.min(concurrency, units.size());
        loop.run(() -> {
            work.warmUp(units.getFirst());
            return null;
        });
    }

    @Override
    public void run(List<String> units, Recorder recorder) throws Exception {
        var next = new AtomicInteger();
        loop.run(() -> {
            try (var group = TaskGroup.<Integer>open()) {
                for (int i = 0; i < coroutines; i++) {
                    group.fork(() -> takeUnits(units, next, recorder));
                }
                return group.join();
            }
        });
    }

    private int takeUnits(List<String> units, AtomicInteger next, Recorder recorder) throws InterruptedException {
        int unit = next.getAndIncrement();
        while (unit < units.size()) {
            var input = units.get(unit);
            recorder.note(unit, UnitRun.of(() -> work.answer(input, COROUTINE)));
            unit = next.getAndIncrement();
        }
        return unit;
    }

    @Override
    public String setup() {
        return coroutines + " coroutines on one thread";
    }

    @Override
    public OptionalLong switches() {
        return OptionalLong.of(loop.statistics().switches());
    }

    @Override
    public void close() {
        loop.close();
        work.close();
    }
}
