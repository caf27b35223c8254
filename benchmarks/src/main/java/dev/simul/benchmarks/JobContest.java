package dev.simul.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Lets contestants take turns with jobs: A B C A B C …, each with a Redis of its own while the others are stopped.
 *
 * @param repetitions turns that count, each contestant
 * @param warmUp how long a contestant with a compiler usually plays before its turns count
 * @param turn how long a turn should last; how many jobs that are is found out while warming up
 */
record JobContest(int repetitions, Duration warmUp, Duration turn, Consumer<String> progress) {
    /** Plays an event with Simul and those of its peers that are here. */
    Collection<Result> play(JobEvent event, List<String> peers, Map<String, Contestant> all) throws IOException {
        var results = event.results(peers);
        var teams = new LinkedHashMap<Contestant, JobTeam>();
        try {
            for (var name : Stream.concat(Stream.of("simul"), peers.stream()).toList()) {
                if (event.absent().contains(name)) continue;
                var contestant = all.get(name);
                if (contestant == null) throw new IllegalArgumentException("no contestant called " + name);
                contestant.missing().ifPresent(why -> results.values().forEach(result -> result.missing(name, why)));
                if (contestant.missing().isPresent()) continue;
                teams.put(contestant, JobTeam.start(event, contestant));
            }
            for (var team : teams.entrySet()) warmUp(event, team.getKey(), team.getValue(), results);
            for (int round = 1; round <= repetitions; round++) {
                progress.accept("%s: turn %d of %d".formatted(event.name(), round, repetitions));
                for (var team : teams.entrySet()) takeTurn(team.getKey(), team.getValue(), results, true);
            }
        } finally {
            for (var team : teams.values()) team.close();
        }
        return results.values();
    }

    private void warmUp(JobEvent event, Contestant contestant, JobTeam team, Map<JobFigure, Result> results)
            throws IOException {
        progress.accept("%s: warming up %s".formatted(event.name(), contestant.name()));
        long end = System.nanoTime()
                + (contestant.compiles() ? event.warmUp(warmUp).toNanos() : 0);
        do {
            takeTurn(contestant, team, results, false);
        } while (System.nanoTime() < end && !isOut(contestant, results));
    }

    private static boolean isOut(Contestant contestant, Map<JobFigure, Result> results) {
        return results.values().stream().anyMatch(result -> result.isMissing(contestant.name()));
    }

    private void takeTurn(Contestant contestant, JobTeam team, Map<JobFigure, Result> results, boolean counts)
            throws IOException {
        if (isOut(contestant, results)) return;
        try {
            if (!counts) team.warmUp(turn);
            else {
                var figures = team.turn(turn);
                results.forEach((figure, result) -> {
                    var value = figures.get(figure);
                    if (value != null) result.figure(contestant.name(), value);
                });
            }
            team.rest();
        } catch (IOException e) {
            results.values().forEach(result -> result.missing(contestant.name(), String.valueOf(e.getMessage())));
        }
    }
}
