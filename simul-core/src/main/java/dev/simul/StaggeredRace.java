package dev.simul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

// asyncio.staggered.staggered_race, the heart of happy eyeballs: the next runner starts when the one before has failed,
// or after a delay. The coroutine that called waits on one promise after the other, each completed by whatever comes
// next: an end, or the delay. Nobody is left behind: the losers are cancelled and waited for, also if the caller is
// cancelled, and cancelled again while he waits.

/** Coroutines that start one after the other, of which the first to succeed wins. Loop thread only. */
final class StaggeredRace<T extends @Nullable Object> {

    private final LoopTask<?> owner;
    private final List<Task<T>> started = new ArrayList<>();
    private final List<@Nullable Throwable> failures = new ArrayList<>();
    private int running;
    private int winner = -1;
    private @Nullable Promise<@Nullable Void> news;

    private StaggeredRace(LoopTask<?> owner) {
        this.owner = owner;
    }

    static <T extends @Nullable Object> RaceResult<T> run(
            @Nullable Duration delay, List<? extends Callable<? extends T>> runners) throws Exception {
        var race = new StaggeredRace<T>(LoopTask.current("staggeredRace(…)", "use ExecutorService.invokeAny"));
        try {
            for (var runner : runners) {
                race.start(runner);
                race.awaitFailureOfTheLast(delay);
                if (race.winner >= 0) {
                    break;
                }
            }
            while (race.running > 0) {
                race.awaitNews(null);
            }
        } finally {
            race.breakOff();
        }
        var result = race.winner < 0 ? null : race.started.get(race.winner).result();
        return new RaceResult<>(result, race.winner, Collections.unmodifiableList(race.failures));
    }

    private void start(Callable<? extends T> runner) {
        int index = started.size();
        LoopTask<T> task = owner.loop.spawn(null, (Callable<T>) () -> {
            T result = runner.call();
            succeeded(index);
            return result;
        });
        started.add(task);
        failures.add(null);
        running++;
        task.react(new LoopCallback(owner.loop, () -> ended(index, task.ended()), owner));
    }

    /** In the runner's last step, not behind it: one that is to wake up in the same turn must not succeed, too. */
    private void succeeded(int index) {
        if (winner < 0) {
            winner = index;
            cancelAll();
        }
    }

    private void ended(int index, Outcome<T> outcome) {
        running--;
        switch (outcome) {
            case Outcome.Returned<T> _ -> {}
            case Outcome.Threw<T> threw -> failures.set(index, threw.error());
            case Outcome.Cancelled<T>(CancelledError error) -> failures.set(index, error);
        }
        if (news != null) {
            news.complete(null);
        }
    }

    private void awaitFailureOfTheLast(@Nullable Duration delay) {
        var last = started.getLast();
        long until = delay == null ? Long.MAX_VALUE : owner.loop.timeAfter(delay);
        while (winner < 0 && !hasFailed(last) && owner.loop.clock.nanos() < until) {
            awaitNews(delay == null ? null : Duration.ofNanos(until - owner.loop.clock.nanos()));
        }
    }

    private boolean hasFailed(Task<T> task) {
        return failures.get(started.indexOf(task)) != null;
    }

    private void awaitNews(@Nullable Duration limit) {
        var next = new DependentPromise<@Nullable Void>("a runner of a race", () -> started, false);
        news = next;
        var timer = limit == null ? null : new TaskWait.Limit(owner, next, limit);
        try {
            next.join();
        } finally {
            news = null;
            if (timer != null) {
                owner.loop.timers.cancel(timer);
            }
        }
    }

    private void breakOff() {
        CancelledError cancelled = null;
        cancelAll();
        while (running > 0) {
            try {
                awaitNews(null);
            } catch (CancelledError e) {
                cancelled = e;
                cancelAll();
            }
        }
        if (cancelled != null) {
            throw cancelled;
        }
    }

    private void cancelAll() {
        for (int i = 0; i < started.size(); i++) {
            if (i != winner && !started.get(i).isDone()) {
                started.get(i).cancel();
            }
        }
    }
}
