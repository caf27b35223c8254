package dev.simul.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Platform threads that share this JVM's memory: the JDK's own thread pool. */
final class ThreadsWay implements Way {
    private final Work work;
    private final int concurrency;
    private ThreadPoolExecutor threads = pool(1);

    ThreadsWay(Work work, int concurrency) {
        this.work = work;
        this.concurrency = concurrency;
    }

    @Override
    public void open(List<String> units) throws Exception {
        threads.shutdown();
        threads = pool(Math.min(concurrency, units.size()));
        threads.prestartAllCoreThreads();
        work.warmUp(units.getFirst());
    }

    @Override
    public void run(List<String> units, Recorder recorder) throws Exception {
        var running = new ArrayList<Future<?>>();
        for (int i = 0; i < units.size(); i++) {
            int unit = i;
            running.add(threads.submit(() -> {
                recorder.note(unit, UnitRun.of(() -> work.answer(units.get(unit), Turn.PLAIN)));
                return unit;
            }));
        }
        for (var future : running) {
            future.get();
        }
    }

    @Override
    public String setup() {
        return threads.getCorePoolSize() + " threads";
    }

    @Override
    public void close() {
        threads.shutdownNow();
        work.close();
    }

    private static ThreadPoolExecutor pool(int size) {
        return new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("unit-", 1).daemon().factory());
    }
}
