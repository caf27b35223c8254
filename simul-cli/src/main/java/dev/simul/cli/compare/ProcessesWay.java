package dev.simul.cli.compare;

import dev.simul.Task;
import dev.simul.process.ChildProcess;
import dev.simul.process.ProcessPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Child JVMs, one unit at a time in each: crash isolation, and memory of their own. */
final class ProcessesWay implements Way {
    /** Fewer would not show what processes do for waiting units; more cost tens of megabytes each. */
    private static final int USUAL_PROCESSES = Math.clamp(Runtime.getRuntime().availableProcessors(), 4, 32);

    private final String work;
    private final int concurrency;
    private @Nullable ProcessPool pool;
    private Set<Long> first = Set.of();

    ProcessesWay(Settings settings) {
        this.work = settings.work().text();
        this.concurrency = settings.concurrency();
    }

    @Override
    public void open(List<String> units) throws Exception {
        int processes = Math.min(USUAL_PROCESSES, Math.min(concurrency, units.size()));
        var opened = ProcessPool.builder().name("compare").processes(processes).open();
        pool = opened;
        opened.awaitChildren();
        var practice = new ArrayList<Task<String>>();
        for (int i = 0; i < processes; i++) {
            practice.add(opened.submit(RemoteUnit::practise, work, units.getFirst()));
        }
        for (var task : practice) {
            task.await();
        }
        first = pids();
    }

    @Override
    public void run(List<String> units, Recorder recorder) throws Exception {
        var opened = opened();
        long start = UnitRun.now();
        var tasks = new ArrayList<Task<String>>();
        for (int i = 0; i < units.size(); i++) {
            int unit = i;
            var task = opened.submit(RemoteUnit::run, work, units.get(i));
            task.onDone(ended -> recorder.note(unit, outcome(ended, start)));
            tasks.add(task);
        }
        for (int i = 0; i < tasks.size(); i++) {
            recorder.note(i, outcome(tasks.get(i), start));
        }
    }

    private static UnitRun outcome(Task<String> task, long start) {
        try {
            return UnitRun.decode(task.join());
        } catch (RuntimeException e) {
            return UnitRun.failed(start, e);
        }
    }

    @Override
    public String setup() {
        var died = first.stream()
                .filter(pid -> !pids().contains(pid))
                .map(String::valueOf)
                .toList();
        return first.size() + " child JVMs"
                + (died.isEmpty() ? "" : ", of which " + String.join(" and ", died) + " died and was replaced");
    }

    private Set<Long> pids() {
        return opened().children().stream().map(ChildProcess::pid).collect(Collectors.toSet());
    }

    private ProcessPool opened() {
        if (pool == null) {
            throw new IllegalStateException("open() first");
        }
        return pool;
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.shutdownNow();
            pool.close();
        }
    }
}
