package dev.simul.cli.chess;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.EventLoop;
import dev.simul.VirtualClock;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
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

    @Property(tries = 300)
    void byTurnsAgreesWithAnIndependentSimulation(
            @ForAll @IntRange(min = 1, max = 30) int games,
            @ForAll @IntRange(min = 1, max = 20) int moves,
            @ForAll @LongRange(min = 0, max = 20_000_000_000L) long master,
            @ForAll @LongRange(min = 0, max = 200_000_000_000L) long opponent)
            throws Exception {
        var exhibition = new Exhibition(games, moves, Duration.ofNanos(master), Duration.ofNanos(opponent));

        assertThat(play(exhibition, true).moves()).containsExactlyInAnyOrderElementsOf(EventList.byTurns(exhibition));
    }

    @Property(tries = 100)
    void oneAfterTheOtherTakesTheSumOfAllTimes(
            @ForAll @IntRange(min = 1, max = 20) int games,
            @ForAll @IntRange(min = 1, max = 20) int moves,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long master,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long opponent)
            throws Exception {
        var exhibition = new Exhibition(games, moves, Duration.ofNanos(master), Duration.ofNanos(opponent));
        var sheet = play(exhibition, false);

        assertThat(sheet.lastReply()).isEqualTo(exhibition.oneAfterTheOther());
        assertThat(sheet.lastMove()).isEqualTo(sheet.lastReply().minus(exhibition.opponent()));
    }

    static Scoresheet play(Exhibition exhibition, boolean byTurns) throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            return loop.run(() -> new Play(exhibition, clock, byTurns).play());
        }
    }
}
