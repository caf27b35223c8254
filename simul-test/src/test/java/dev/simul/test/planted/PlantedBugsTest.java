package dev.simul.test.planted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.test.Explorer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlantedBugsTest {

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void isFoundWithinFiveHundredSeedsAndNotByTheLoopsOwnOrder(PlantedBug bug) {
        var seen = Explorer.of(bug.broken()).explore();

        var failure = seen.failure().orElseThrow();
        assertThat(failure.seed()).isBetween(1L, 500L);
        assertThat(failure.isReproducible()).as(failure.getMessage()).isTrue();
        assertThat(failure.switches()).isBetween(1, 4);
    }

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void isPlayedAgainByItsSeedAndByItsShortenedSchedule(PlantedBug bug) {
        var found = Explorer.of(bug.broken()).explore().failure().orElseThrow();

        var bySeed = Explorer.of(bug.broken()).seed(found.seed()).explore();
        assertThat(bySeed.failure().orElseThrow().schedule()).isEqualTo(found.schedule());
        var bySchedule = Explorer.of(bug.broken()).schedule(found.schedule()).explore();
        assertThat(bySchedule.failure().orElseThrow().steps()).isEqualTo(found.steps());
    }

    @ParameterizedTest
    @EnumSource(PlantedBug.class)
    void isNotFoundWhereItIsMended(PlantedBug bug) {
        var seen = Explorer.of(bug.mended()).explore();

        assertThat(seen.failure()).isEmpty();
        assertThat(seen.runs() == 501 || seen.isComplete()).isTrue();
    }

    @Test
    void threeSwitchesAreWhatIsLeftOfTheScheduleOfABugThatNeedsThree() {
        var failure = Explorer.of(PlantedBug.THREE_SWITCHES.broken())
                .explore()
                .failure()
                .orElseThrow();

        assertThat(failure.switches()).isEqualTo(3);
        assertThat(failure.steps()).filteredOn(step -> step.startsWith(">")).hasSize(3);
    }
}
