package dev.simul;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchedulerTest {
    @Test
    void ownSchedulerIsChosenWhereItWorks() {
        assertThat(Scheduler.choose(null, () -> null).scheduler()).isEqualTo(Scheduler.OWN);
    }

    @Test
    void defaultSchedulerIsChosenWhereItDoesNotAndNamesTheFlag() {
        var choice = Scheduler.choose(null, () -> "java.lang is closed");
        assertThat(choice.scheduler()).isEqualTo(Scheduler.DEFAULT);
        assertThat(choice.reason()).contains("java.lang is closed", "--add-opens java.base/java.lang=ALL-UNNAMED");
    }

    @Test
    void propertyForcesTheDefaultScheduler() {
        assertThat(Scheduler.choose("default", () -> null).scheduler()).isEqualTo(Scheduler.DEFAULT);
    }

    @Test
    void ownSchedulerThatIsForcedButImpossibleIsRefused() {
        var choice = Scheduler.choose("own", () -> "java.lang is closed");
        assertThat(choice.scheduler()).isNull();
        assertThat(choice.reason()).contains("simul.scheduler=own", "java.lang is closed", "--add-opens");
    }

    @Test
    void unknownNameIsRefusedWithTheNamesThereAre() {
        assertThat(Scheduler.choose("fast", () -> null).reason())
                .isEqualTo("simul.scheduler must be own or default, was fast");
    }

    @Test
    void backEndIsTheOneThatThisRunOfTheTestsIsMeantFor() {
        assertThat(Scheduler.current().name())
                .isEqualToIgnoringCase(System.getProperty("simul.expected.scheduler", "own"));
    }
}
