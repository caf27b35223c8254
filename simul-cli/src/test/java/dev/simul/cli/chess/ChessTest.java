package dev.simul.cli.chess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.simul.cli.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChessTest {
    @Test
    void theArticlesNumbersAreSaidToTheSecond() {
        var result = Command.run("chess");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("sits until the last reply: 12:00:00")
                .contains("his last move is made at 1:00:00 and the last reply comes at 1:00:55");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void jsonHasTheTimesOfBothWaysInSeconds() {
        var json = json("chess", "--games", "24", "--moves", "30", "--master", "5s", "--opponent", "PT55S", "--json");

        assertThat(json.at("/sequential/masterDone").asDouble()).isEqualTo(43_200);
        assertThat(json.at("/sequential/lastReply").asDouble()).isEqualTo(43_200);
        assertThat(json.at("/sequential/longestWait").asDouble()).isEqualTo(23 * 1800);
        assertThat(json.at("/sequential/meanWait").asDouble()).isEqualTo(690);
        assertThat(json.at("/turns/masterDone").asDouble()).isEqualTo(3600);
        assertThat(json.at("/turns/lastReply").asDouble()).isEqualTo(3655);
        assertThat(json.at("/turns/longestWait").asDouble()).isEqualTo(115);
        assertThat(json.at("/turns/meanWait").asDouble()).isEqualTo((1380 + 29 * 24 * 60) / 720.0, within(1e-8));
    }

    @Test
    void fractionsOfASecondAreKept() {
        var json = json("chess", "--games", "2", "--moves", "1", "--master", "1ms", "--opponent", "500us", "--json");

        assertThat(json.at("/turns/lastReply").decimalValue()).isEqualByComparingTo("0.0025");
        assertThat(json.at("/sequential/lastReply").decimalValue()).isEqualByComparingTo("0.003");
    }

    @Test
    void whereTheOpponentsAreTheBottleneckItSaysSo() {
        assertThat(Command.run("chess", "--games", "3").out()).contains("the opponents are the bottleneck");
        assertThat(Command.run("chess", "--games", "1").out()).contains("nobody else to go to");
    }

    @Test
    void byTheRealClockTheMasterIsNeverEarly() {
        var json = json("chess", "--games", "3", "--moves", "3", "--real", "--speed", "2000", "--json");

        assertThat(json.at("/clock").asString()).isEqualTo("real");
        assertThat(json.at("/turns/lastReply").asDouble()).isGreaterThan(190.0);
        assertThat(json.at("/sequential/lastReply").asDouble()).isGreaterThan(540.0);
    }

    @Test
    void htmlDrawsARowForTheMasterAndEachBoard(@TempDir Path folder) throws Exception {
        var file = folder.resolve("chess.html");

        assertThat(Command.run("chess", "--games", "3", "--moves", "2", "--html", file.toString())
                        .exitCode())
                .isZero();
        assertThat(Files.readString(file))
                .contains("data-row=\"master\"", "data-row=\"board 3\"", "data-label=\"board 1, move 2\"")
                .doesNotContain("board 4");
    }

    private static JsonNode json(String... arguments) {
        var result = Command.run(arguments);
        assertThat(result.exitCode()).isZero();
        return new JsonMapper().readTree(result.out());
    }
}
