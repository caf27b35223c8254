package dev.simul.jobs.internal.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronExpressionTest {
    /** What croniter 6 says after Wednesday 2026-11-25 14:07:30 UTC. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *                | 2026-11-25T14:08:00Z",
                "*/5 * * * *              | 2026-11-25T14:10:00Z",
                "5/20 * * * *             | 2026-11-25T14:25:00Z",
                "0 9 * * 1-5              | 2026-11-26T09:00:00Z",
                "0 9 * * mon-FRI          | 2026-11-26T09:00:00Z",
                "15,45 8-18/2 * * *       | 2026-11-25T14:15:00Z",
                "0 0 * * 7                | 2026-11-29T00:00:00Z",
                "0 0 * * sun              | 2026-11-29T00:00:00Z",
                "0 0 * * fri-sun          | 2026-11-27T00:00:00Z",
                "0 0 1 * 1                | 2026-11-30T00:00:00Z",
                "0 0 13 * 5               | 2026-11-27T00:00:00Z",
                "0 0 31 * *               | 2026-12-31T00:00:00Z",
                "0 0 29 2 *               | 2028-02-29T00:00:00Z",
                "59 23 31 dec *           | 2026-12-31T23:59:00Z",
                "@daily                   | 2026-11-26T00:00:00Z",
                "@yearly                  | 2027-01-01T00:00:00Z"
            })
    void nextTimeIsTheFirstThatFits(String expression, Instant next) {
        var after = Instant.parse("2026-11-25T14:07:30Z");
        assertThat(CronExpression.of(expression).next(after, ZoneOffset.UTC)).isEqualTo(next);
    }

    @Test
    void timeThatTheClocksSkipHappensOnceAndOneThatTheyRepeatToo() {
        var berlin = ZoneId.of("Europe/Berlin");
        var nightly = CronExpression.of("30 2 * * *");
        assertThat(times(nightly, "2026-03-27T12:00:00Z", berlin))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(times(nightly, "2026-10-23T12:00:00Z", berlin))
                .containsExactly("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    private static List<String> times(CronExpression expression, String after, ZoneId zone) {
        var times = new ArrayList<String>();
        var time = Instant.parse(after);
        for (int i = 0; i < 3; i++) {
            time = expression.next(time, zone);
            times.add(time.toString());
        }
        return times;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * *         | five fields, minute hour day-of-month month day-of-week",
                "60 * * * *      | the minute cannot be '60': it must be between 0 and 59",
                "* * 0 * *       | the day of the month cannot be '0': it must be between 1 and 31",
                "* * * * often   | the day of the week cannot be 'often': it takes numbers, *, ranges and sun to sat",
                "*/0 * * * *     | the minute cannot be '*/0': a step is written */5 or 10-20/2",
                "5-1 * * * *     | the minute cannot be '5-1': a range goes upwards",
                "1, * * * *      | the minute cannot be ''",
                "0 0 31 2 *      | no date fits the cron expression '0 0 31 2 *'"
            })
    void wrongOneIsRefusedWithTheFieldThatIsWrong(String expression, String why) {
        assertThatThrownBy(() -> CronExpression.of(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
