package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.cli.Command;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineTest {
    private static String line(String format, String date) {
        var entry = new LogRecord(Level.FINE, "job {0} begins");
        entry.setParameters(new Object[] {"j1"});
        entry.setLoggerName("dev.simul.jobs");
        entry.setInstant(LocalDateTime.of(2026, 3, 4, 15, 6, 7, 89_000)
                .atZone(ZoneId.systemDefault())
                .toInstant());
        return new LogLine(format, date).format(entry).stripTrailing();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%(message)s|job j1 begins",
                "%(levelname)-8s%(name)s|DEBUG   dev.simul.jobs",
                "%(asctime)s 100%% %(message)s|15:06:07 100% job j1 begins",
                "[%(levelname)7s]|[  DEBUG]"
            })
    void isWrittenAsPythonWrites(String format, String expected) {
        assertThat(line(format, "%H:%M:%S")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%Y-%m-%dT%H:%M:%S.%f|2026-03-04T15:06:07.000089",
                "%a %d %b %y %I:%M %p|Wed 04 Mar 26 03:06 PM",
                "at 'noon' %j %F %T %%|at 'noon' 063 2026-03-04 15:06:07 %"
            })
    void datesAreWrittenAsPythonWrites(String date, String expected) {
        assertThat(line("%(asctime)s", date)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%(nobody)s", "%", "%s", "%(message)q"})
    void whatIsNotKnownIsRefused(String format) {
        assertThatThrownBy(() -> new LogLine(format, "%H"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--log-format cannot have '%")
                .hasMessageContaining("%(levelname)s");
    }

    @Test
    void aWorkerRefusesABadFormAsABadOption() {
        var refused = Command.run("worker", "--demo", "--date-format", "%Q");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--date-format cannot have '%Q', was '%Q'; there are %Y");
    }
}
