package dev.simul.jobs.internal.worker;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.Isolation;
import dev.simul.jobs.internal.redis.Serialized;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one way from a reserved job to its function: runs it where its isolation says, and tells how it ended.
 *
 * <p>What is to happen around every function, whatever its isolation, belongs into {@link #call}.
 */
final class JobRunner implements AutoCloseable {
    private static final Duration FOREVER = Duration.ofDays(365);

    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final RunningJobs running;
    private final LiveJobs live;
    private final Consumer<Outcome> done;
    private final JobThreads threads;
    private final JobLoop loop = new JobLoop();
    private final JobProcesses processes;
    private final ScheduledThreadPoolExecutor clock;
    private int unended; // guarded by this: runs without an outcome

    /**
     * Prepares threads; none is started before there is work.
     *
     * @param done gets every outcome, in the thread that made it
     */
    JobRunner(
            WorkerSettings settings,
            JobFunctions functions,
            RunningJobs running,
            LiveJobs live,
            Consumer<Outcome> done) {
        this.settings = settings;
        this.functions = functions;
        this.running = running;
        this.live = live;
        this.done = done;
        this.threads = new JobThreads(settings.concurrency(), settings.run().virtualThreads());
        this.processes = new JobProcesses(settings);
        if (settings.run().isolation() == Isolation.PROCESS) {
            processes.warmUp();
        }
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("simul-job-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    void start(ReservedJob job) {
        synchronized (this) {
            unended++;
        }
        var run = new JobRun(job, clock, settings.run().interruptGrace(), this::ended);
        running.add(run);
        if (settings.run().isolation() == Isolation.LOOP) {
            loop.execute(() -> prepare(run, Isolation.LOOP));
        } else {
            threads.execute(() -> prepare(run, Isolation.THREAD));
        }
    }

    /** Reads the job, and hands it on if its function wants to run elsewhere than here. */
    private void prepare(JobRun run, Isolation here) {
        JobCall call;
        try {
            call = JobCall.of(run.job(), functions, settings.run().seal());
        } catch (UnrunnableJobException e) {
            run.refused(e);
            return;
        } catch (RuntimeException | Error e) {
            run.threw(e);
            return;
        }
        var wanted = call.method().isolation(settings.run().isolation());
        boolean inLoop = wanted == Isolation.LOOP;
        if (inLoop == (here == Isolation.LOOP)) {
            run(run, call, wanted);
        } else if (inLoop) {
            loop.execute(() -> run(run, call, wanted));
        } else {
            threads.execute(() -> run(run, call, wanted));
        }
    }

    private void run(JobRun run, JobCall call, Isolation where) {
        switch (where) {
            case LOOP -> {
                if (run.begin(loop.hold(), call.timeoutSeconds())) {
                    call(run, call, call::run);
                }
            }
            case THREAD -> {
                var hold = threads.hold();
                if (run.begin(hold, call.timeoutSeconds())) {
                    try {
                        call(run, call, call::run);
                    } finally {
                        hold.end();
                    }
                }
            }
            case PROCESS -> {
                var hold = new JobProcesses.Hold();
                if (run.begin(hold, call.timeoutSeconds())) {
                    call(run, call, () -> processes.call(call, hold));
                }
            }
        }
    }

    private interface Function {
        /** Returns the result in the form in which it is kept. */
        byte @Nullable [] call() throws Exception;
    }

    /** Calls the function in this thread, or has a child do it; the same for every isolation. */
    private void call(JobRun run, JobCall call, Function function) {
        try {
            run.returned(call.resultTtlSeconds(), observed(call, live.of(run.job()), function));
        } catch (LostChildException e) {
            run.died(String.valueOf(e.getMessage()));
        } catch (Throwable e) { // whatever a user's function throws is an outcome
            run.threw(e);
        }
    }

    private byte @Nullable [] observed(JobCall call, CurrentJob job, Function function) throws Exception {
        var chain = new RunChain(settings.run().middleware(), job, call, () -> sealed(call, function.call()));
        return JobScope.within(job, JobFlight.isWanted() ? () -> JobFlight.record(call, chain::run) : chain::run);
    }

    /** The result as it is kept: what came encrypted goes back encrypted, in the form of a text. */
    private byte @Nullable [] sealed(JobCall call, byte @Nullable [] value) {
        var seal = settings.run().seal();
        var payload = call.job().payload();
        return seal == null || value == null || !payload.isEncrypted()
                ? value
                : Serialized.write(
                        payload.serializer(), seal.encryptText(call.job().id(), value));
    }

    private void ended(Outcome outcome) {
        try {
            done.accept(outcome);
        } finally {
            synchronized (this) {
                if (--unended == 0) {
                    notifyAll();
                }
            }
        }
    }

    /**
     * Waits until every run that was started has an outcome. When the time is over, or the worker is to end at once,
     * what still runs is broken off and goes back to its queue.
     */
    void awaitEnd(StopRequest stop, Duration grace) throws InterruptedException {
        var _ = stop.cold().thenRun(this::wake);
        if (!awaitOutcomes(stop, grace)) {
            breakOff();
        }
    }

    /**
     * Breaks off what still runs; returns when all of it has an outcome, which is bounded by the patience with each.
     */
    void breakOff() throws InterruptedException {
        // The one that was taken first is asked last, to come before the others; but each goes back when it has ended.
        running.snapshot().reversed().forEach(run -> run.ask(JobRun.Reason.SHUTDOWN));
        synchronized (this) {
            while (unended > 0) {
                wait();
            }
        }
    }

    private synchronized boolean awaitOutcomes(StopRequest stop, Duration grace) throws InterruptedException {
        long end = System.nanoTime() + (grace.compareTo(FOREVER) < 0 ? grace : FOREVER).toNanos();
        while (unended > 0) {
            long left = end - System.nanoTime();
            if (left <= 0 || stop.cold().isDone()) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private synchronized void wake() {
        notifyAll();
    }

    @Override
    public void close() {
        threads.close();
        loop.close();
        processes.close();
        clock.shutdownNow();
    }
}
