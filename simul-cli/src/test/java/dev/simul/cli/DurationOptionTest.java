package dev.simul.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationOptionTest {
    @ParameterizedTest
    @CsvSource({
        "5s, PT5S",
        "500ms, PT0.5S",
        "1m30s, PT1M30S",
        "PT5S, PT5S",
        "pt1h, PT1H",
        "1.5h, PT1H30M",
        "2d, PT48H",
        "0s, PT0S",
        "0, PT0S",
        "1h0m1s, PT1H1S",
        "250us, PT0.00025S",
        "7ns, PT0.000000007S",
        "5S, PT5S"
    })
    void aDurationIsReadAsPeopleWriteIt(String text, Duration duration) {
        assertThat(new DurationOption().convert(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "5 s",
                "-5s",
                "PT-5S",
                "5x",
                "5s5",
                "1m30",
                "99999999999d",
                "PT9999999999999S",
                "PT",
                "five"
            })
    void anythingElseIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> new DurationOption().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("'" + text + "' is not a duration; write 5s, 500ms, 1m30s or PT5S");
    }

    @ParameterizedTest
    @CsvSource({"5s, 5s", "90s, 1m30s", "500ms, 0.5s", "0, 0s"})
    void briefIsWhatTheOptionTakes(String text, String brief) {
        var duration = new DurationOption().convert(text);

        assertThat(ClockTime.brief(duration)).isEqualTo(brief);
        assertThat(new DurationOption().convert(brief)).isEqualTo(duration);
    }
}
