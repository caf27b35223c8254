package dev.simul.cli.compare;

import dev.simul.Generator;
import dev.simul.Promise;
import dev.simul.Task;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Generators driven round robin on one thread.
 *
 * <p>A generator cannot overlap a blocking call: while it blocks, nobody drives the others. So here it starts a
 * request that does not block, yields while that is under way, and is driven on when it has ended. Work that does not
 * wait through its {@link Turn} runs as if it were sequential.
 */
final class TurnsWay implements Way {
    private static final Promise<String> READY = new Promise<>("nothing to wait for");

    static {
        READY.complete("");
    }

    private final Work work;
    private final int concurrency;
    private int generators;
    private long switches;

    TurnsWay(Work work, int concurrency) {
        this.work = work;
        this.concurrency = concurrency;
    }

    @Override
    public void open(List<String> units) throws Exception {
        generators = Math.min(concurrency, units.size());
        work.warmUp(units.getFirst());
        var practice = new Recorder(units.size(), _ -> {});
        drive(new ArrayDeque<>(List.of(new Player(units.subList(0, 0), new AtomicInteger(), practice))));
    }

    @Override
    public void run(List<String> units, Recorder recorder) throws InterruptedException {
        var next = new AtomicInteger();
        Queue<Player> round = new ArrayDeque<>();
        try {
            for (int i = 0; i < generators; i++) {
                round.add(new Player(units, next, recorder));
            }
            drive(round);
        } finally {
            round.forEach(Player::close);
        }
    }

    /** Goes round and round, resumes whoever can go on, and rests when nobody can. */
    private void drive(Queue<Player> round) throws InterruptedException {
        var news = new Semaphore(0);
        while (!round.isEmpty()) {
            news.drainPermits();
            boolean moved = false;
            for (int i = round.size(); i > 0; i--) {
                var player = round.remove();
                if (!player.awaited.isDone()) {
                    round.add(player);
                    continue;
                }
                moved = true;
                switches++;
                if (player.turns.hasNext()) {
                    player.awaited = player.turns.next();
                    player.awaited.onDone(_ -> news.release());
                    round.add(player);
                }
            }
            if (!moved) {
                news.acquire();
            }
        }
    }

    @Override
    public String setup() {
        return generators + " generators on one thread, " + work.inTurns();
    }

    @Override
    public OptionalLong switches() {
        return OptionalLong.of(switches);
    }

    @Override
    public void close() {
        work.close();
    }

    /** A generator that does unit after unit and yields what it waits for. */
    private final class Player {
        private final Generator<Task<?>> generator;
        private final Iterator<Task<?>> turns;
        private Task<?> awaited = READY;

        Player(List<String> units, AtomicInteger next, Recorder recorder) {
            generator = Generator.of(out -> {
                var turn = new Turn() {
                    @Override
                    public <T> T await(Task<T> task) throws Exception {
                        out.yield(task);
                        return task.await();
                    }

                    @Override
                    public void giveWay() {
                        out.yield(READY);
                    }
                };
                for (int unit = next.getAndIncrement(); unit < units.size(); unit = next.getAndIncrement()) {
                    var input = units.get(unit);
                    recorder.note(unit, UnitRun.of(() -> work.answer(input, turn)));
                }
            });
            turns = generator.iterator();
        }

        void close() {
            generator.close();
        }
    }
}
