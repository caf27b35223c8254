package dev.simul.cli.compare;

import dev.simul.cli.compare.Row.UnitError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the units in every way, one way after the other, and measures each.
 *
 * <p>Thread: one runs it; {@link #soFar} may be called from any, in the middle.
 */
final class Comparison {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Settings settings;
    private final List<String> units;
    private final Set<WayName> ways;
    private final int repeat;
    private final ProcessTree tree;
    private final Progress progress;
    private final Agreement agreement = new Agreement();

    // Guarded by this.
    private final List<Row> rows = new ArrayList<>();
    private @Nullable WayName current;
    private @Nullable Way open;
    private @Nullable Recorder recorder;

    Comparison(
            Settings settings, List<String> units, Set<WayName> ways, int repeat, ProcessTree tree, Progress progress) {
        this.settings = settings;
        this.units = units;
        this.ways = ways;
        this.repeat = repeat;
        this.tree = tree;
        this.progress = progress;
    }

    /** Runs all ways; a way that fails is a row, too. */
    List<Row> run() throws InterruptedException {
        for (var way : ways) {
            synchronized (this) {
                current = way;
                recorder = null;
            }
            var row = measure(way);
            synchronized (this) {
                rows.add(row);
                current = null;
                open = null;
            }
        }
        return soFar();
    }

    /** The rows there are; the way under way is one that was interrupted. */
    synchronized List<Row> soFar() {
        var known = new ArrayList<>(rows);
        if (current != null) {
            long ended = recorder == null
                    ? 0
                    : recorder.runs().stream().filter(run -> run != null).count();
            var failure = "interrupted after " + ended + " of " + units.size() + " units";
            known.add(new Row(current, "", 0, List.of(), List.of(new UnitError(null, failure)), failure));
        }
        return known;
    }

    /** Removes what the way under way would leave behind if everything ended now, as far as that is quick. */
    void abandon() {
        Way left;
        synchronized (this) {
            left = open;
        }
        if (left != null) {
            try {
                Thread.ofPlatform().daemon().start(left::abandon).join(PATIENCE);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Row measure(WayName name) throws InterruptedException {
        System.gc(); // so that no way pays for the litter of the one before
        int threadsBefore = Sampler.threadsNow();
        long begin = System.nanoTime();
        var trials = new ArrayList<Trial>();
        var setup = "";
        double startup = 0;
        String failure = null;
        progress.opening(name);
        try (var way = name.create(settings)) {
            synchronized (this) {
                open = way;
            }
            way.open(units);
            startup = seconds(begin);
            setup = way.setup();
            for (int i = 0; i < repeat && failure == null; i++) {
                failure = run(name, way, threadsBefore, trials);
                setup = way.setup();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            failure = failure == null ? UnitRun.text(e) : failure;
        }
        var errors = new ArrayList<>(agreement.check(name, units, trials));
        if (failure != null) {
            errors.addFirst(new UnitError(null, failure));
        }
        return new Row(name, setup, startup, trials, errors, failure);
    }

    /** Adds a trial; returns why the way failed, or null. */
    private @Nullable String run(WayName name, Way way, int threadsBefore, List<Trial> trials)
            throws InterruptedException {
        var notes = new Recorder(units.size(), ended -> progress.ended(name, ended, units.size()));
        synchronized (this) {
            recorder = notes;
        }
        String failure = null;
        var switchesBefore = way.switches().isPresent() ? way.switches() : tree.contextSwitches();
        var sampler = Sampler.start(tree, threadsBefore);
        var usageBefore = tree.read();
        long start = UnitRun.now();
        long begin = System.nanoTime();
        try {
            way.run(units, notes);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failure = UnitRun.text(e);
        }
        double seconds = seconds(begin);
        var usage = tree.read();
        sampler.close();
        var switches = way.switches().isPresent() ? way.switches() : tree.contextSwitches();
        trials.add(new Trial(
                start,
                seconds,
                Math.max(0, usage.cpuNanos() - usageBefore.cpuNanos() - sampler.ownCpuNanos()) / 1e9,
                sampler.peakMemoryBytes(),
                sampler.peakThreads(),
                sampler.peakProcesses(),
                difference(switches, switchesBefore),
                notes.runs()));
        return failure;
    }

    private static OptionalLong difference(OptionalLong after, OptionalLong before) {
        return after.isPresent() && before.isPresent()
                ? OptionalLong.of(Math.max(0, after.getAsLong() - before.getAsLong()))
                : OptionalLong.empty();
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
