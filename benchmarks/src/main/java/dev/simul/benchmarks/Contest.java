package dev.simul.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Lets contestants take turns at a row: A B C A B C …, so that what else the machine does hits all of them alike.
 *
 * <p>Of every contestant the best round counts: noise only ever adds.
 *
 * @param repetitions rounds that count, each contestant
 * @param warmUp how long a contestant with a compiler plays before its rounds count
 * @param parkedTasks how many tasks a memory round parks
 */
record Contest(int repetitions, Duration warmUp, int parkedTasks, Consumer<String> progress) {
    /** Plays a row with Simul and those of its peers that are here. */
    Result play(Row row, Map<String, Contestant> all) throws IOException {
        var result = new Result(row);
        var ready = new ArrayList<Contestant>();
        for (var name : row.contestants()) {
            var contestant = all.get(name);
            if (contestant == null) throw new IllegalArgumentException("no contestant called " + name);
            contestant.missing().ifPresentOrElse(why -> result.missing(name, why), () -> ready.add(contestant));
        }
        if (row.once()) playOnce(row, ready, result);
        else takeTurns(row, ready, result);
        return result;
    }

    private void playOnce(Row row, List<Contestant> ready, Result result) throws IOException {
        int rounds = Math.max(1, repetitions / 5);
        for (int round = 1; round <= rounds; round++) {
            for (var contestant : ready) {
                progress.accept("%s: %s, round %d of %d".formatted(row.label(), contestant.name(), round, rounds));
                try (var player = Player.start(contestant, row, row.tasks().orElse(parkedTasks))) {
                    playRound(contestant, player, result);
                }
            }
        }
    }

    private void takeTurns(Row row, List<Contestant> ready, Result result) throws IOException {
        var players = new LinkedHashMap<Contestant, Player>();
        try {
            for (var contestant : ready) {
                progress.accept("%s: warming up %s".formatted(row.label(), contestant.name()));
                var player = Player.start(contestant, row, row.tasks().orElse(parkedTasks));
                players.put(contestant, player);
                warmUp(contestant, player, result);
            }
            for (int round = 1; round <= repetitions; round++) {
                progress.accept("%s: round %d of %d".formatted(row.label(), round, repetitions));
                for (var turn : players.entrySet()) playRound(turn.getKey(), turn.getValue(), result);
            }
        } finally {
            for (var player : players.values()) player.close();
        }
    }

    private void warmUp(Contestant contestant, Player player, Result result) {
        long end = System.nanoTime() + (contestant.compiles() ? warmUp.toNanos() : 0);
        do {
            playRound(contestant, player, result);
        } while (System.nanoTime() < end && !result.isMissing(contestant.name()));
    }

    private static void playRound(Contestant contestant, Player player, Result result) {
        if (result.isMissing(contestant.name())) return;
        try {
            result.figure(contestant.name(), player.round());
        } catch (IOException e) {
            result.missing(contestant.name(), String.valueOf(e.getMessage()));
        }
    }
}
