package dev.simul.cli.chess;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.EventLoop;
import dev.simul.VirtualClock;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExhibitionTest {
    @Test
    void theArticlesExhibitionTakesTwelveHoursOneAfterTheOtherAndOneByTurns() throws Exception {
        var article = new Exhibition(24, 30, ofSeconds(5), ofSeconds(55));
        var sequential = play(article, false);
        var turns = play(article, true);

        assertThat(sequential.lastReply()).isEqualTo(Duration.ofHours(12));
        assertThat(sequential.masterDone()).isEqualTo(Duration.ofHours(12));
        assertThat(turns.masterDone()).isEqualTo(Duration.ofHours(1));
        assertThat(turns.lastReply()).isEqualTo(Duration.ofHours(1).plusSeconds(55));
    }

    @Test
    void whereOpponentsAreTheBottleneckTheLastReplyComesAfterOneGame() throws Exception {
        var turns = play(new Exhibition(3, 10, ofSeconds(1), ofMinutes(1)), true);

        // The third board starts two seconds late; from then on nobody waits for the master.
        assertThat(turns.lastReply()).isEqualTo(ofSeconds(2 + 10 * 61));
        assertThat(turns.longestWait()).isEqualTo(ofSeconds(2));
        assertThat(turns.meanWait()).isEqualTo(ofMillis(100));
    }

    @Test
    void byTurnsAgreesWithAnIndependentSimulation() throws Exception {
        for (long seed = 0; seed < 300; seed++) {
            var exhibition = anyExhibition(seed, 30, ofSeconds(20), ofSeconds(200));

            assertThat(play(exhibition, true).moves())
                    .as("%s of seed %d", exhibition, seed)
                    .containsExactlyInAnyOrderElementsOf(EventList.byTurns(exhibition));
        }
    }

    @Test
    void oneAfterTheOtherTakesTheSumOfAllTimes() throws Exception {
        for (long seed = 0; seed < 100; seed++) {
            var exhibition = anyExhibition(seed, 20, ofSeconds(1_000), ofSeconds(1_000));
            var sheet = play(exhibition, false);

            assertThat(sheet.lastReply())
                    .as("last reply in %s of seed %d", exhibition, seed)
                    .isEqualTo(exhibition.oneAfterTheOther());
            assertThat(sheet.lastMove())
                    .as("last move in %s of seed %d", exhibition, seed)
                    .isEqualTo(sheet.lastReply().minus(exhibition.opponent()));
        }
    }

    static Exhibition anyExhibition(long seed, int mostGames, Duration longestMaster, Duration longestOpponent) {
        var random = new SplittableRandom(seed);
        return new Exhibition(
                (int) any(1, mostGames, random),
                (int) any(1, 20, random),
                Duration.ofNanos(any(0, longestMaster.toNanos(), random)),
                Duration.ofNanos(any(0, longestOpponent.toNanos(), random)));
    }

    /** Mistakes live at the bounds: each is taken every tenth time. */
    static long any(long least, long most, SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> least;
            case 1 -> most;
            default -> random.nextLong(least, most + 1);
        };
    }

    static Scoresheet play(Exhibition exhibition, boolean byTurns) throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            return loop.run(() -> new Play(exhibition, clock, byTurns).play());
        }
    }
}
