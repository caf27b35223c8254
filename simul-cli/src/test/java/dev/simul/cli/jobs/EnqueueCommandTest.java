package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.Serializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueueCommandTest {
    private static EmbeddedRedis redis;

    @BeforeAll
    static void startRedis() {
        redis = EmbeddedRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private static Command.Result enqueue(String... arguments) {
        return Command.run(Stream.concat(Stream.of("enqueue", "--redis", redis.url()), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    @Test
    void everyOptionOfRqEnqueueReachesTheJob() {
        var result = enqueue(
                "-q",
                "high",
                "--timeout",
                "2m",
                "--result-ttl",
                "-1",
                "--ttl",
                "900",
                "--failure-ttl",
                "1h",
                "--description",
                "sum",
                "--job-id",
                "cli1",
                "--at-front",
                "--retry-max",
                "3",
                "--retry-interval",
                "10",
                "--retry-interval",
                "20",
                "--meta",
                "user=ana",
                "--meta",
                "n=1",
                "--group",
                "g1",
                "demo.add",
                "1",
                ":2",
                "scale:=3");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualToIgnoringNewLines("cli1");
        assertThat(result.err()).isEqualToIgnoringNewLines("Enqueued demo.add(1, 2, scale=3) with job-id 'cli1'.");
        try (var client = JobClient.connect(redis.url())) {
            var info = client.info("cli1").orElseThrow();
            assertThat(info.queue()).isEqualTo("high");
            assertThat(info.description()).contains("sum");
            assertThat(client.queue("high").ids()).containsExactly("cli1");
            assertThat(client.group("g1").ids()).containsExactly("cli1");
            assertThat(info.retriesLeft()).hasValue(3);
            assertThat(info.retryIntervals()).extracting(Duration::toSeconds).containsExactly(10L, 20L);
            assertThat(info.timeout()).contains(Duration.ofMinutes(2));
            assertThat(info.meta()).hasToString("{user=ana, n=1}");
            assertThat(info.keywordArguments()).hasToString("{scale=3}");
        }
    }

    @Test
    void aTimeOfItsOwnPutsTheJobIntoTheScheduledOnes() {
        assertThat(enqueue("--job-id", "in", "--schedule-in", "1h", "demo.add").exitCode())
                .isZero();
        assertThat(enqueue("--job-id", "at", "--schedule-at", "2099-01-31T10:00:00", "demo.add")
                        .exitCode())
                .isZero();
        assertThat(enqueue("--job-id", "child", "--depends-on", "at", "--depends-on", "in", "demo.add")
                        .exitCode())
                .isZero();
        try (var client = JobClient.connect(redis.url())) {
            assertThat(client.job("in").orElseThrow().status()).hasToString("SCHEDULED");
            assertThat(client.job("at").orElseThrow().status()).hasToString("SCHEDULED");
            assertThat(client.job("child").orElseThrow().status()).hasToString("DEFERRED");
        }
        var both = enqueue("--schedule-in", "1h", "--schedule-at", "2099-01-31T10:00:00", "demo.add");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err()).contains("--schedule-in and --schedule-at contradict each other");
    }

    @Test
    void aTimeWithoutAZoneIsLocal() {
        assertThat(EnqueueOptions.moment("2030-01-31T10:00:00"))
                .isEqualTo(LocalDateTime.of(2030, 1, 31, 10, 0)
                        .atZone(ZoneId.systemDefault())
                        .toInstant());
        assertThat(EnqueueOptions.moment("2030-01-31T10:00:00Z")).isEqualTo(Instant.parse("2030-01-31T10:00:00Z"));
        assertThat(EnqueueOptions.moment("2030-01-31T10:00:00+01:00")).isEqualTo(Instant.parse("2030-01-31T09:00:00Z"));
        assertThatThrownBy(() -> EnqueueOptions.moment("tomorrow"))
                .hasMessageContaining("--schedule-at must be a time such as");
    }

    @Test
    void aDuplicateIsExitCode1AndQuietPrintsNothing() {
        assertThat(enqueue("--quiet", "--unique", "--job-id", "once", "demo.add"))
                .isEqualTo(new Command.Result(0, "", ""));
        var again = enqueue("--unique", "--job-id", "once", "demo.add");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("job once exists already");
    }

    @ParameterizedTest
    @CsvSource({
        "json, JSON",
        "rq.serializers.JSONSerializer, JSON",
        "pickle, PICKLE",
        "rq.serializers.PickleSerializer, PICKLE",
        "rq.serializers.DefaultSerializer, PICKLE"
    })
    void serializersHaveRqsNamesInEveryCommand(String name, Serializer serializer) {
        var id = enqueue("demo.add", "2", "3", "-S", name).out().strip();
        try (var client = JobClient.connect(redis.url())) {
            assertThat(client.job(id).orElseThrow().info().orElseThrow().serializer())
                    .contains(serializer);
        }
        assertThat(Command.run("info", "-S", name, "--redis", redis.url()).exitCode())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--job-id|a.b|letters, digits, '_' and '-', was 'a.b'",
                "--timeout|0|--timeout must be at least 1 s or -1 for ever, was 0",
                "--retry-max|-1|--retry-max must be at least 1, was -1",
                "--retry-interval|5|say with --retry-max N how many there may be, at least 1",
                "--repeat-interval|5|say with --repeat N how many there may be, at least 1",
                "--meta|n|--meta must be NAME=VALUE, was n",
                "--job-id|''|letters, digits, '_' and '-', was ''",
                "--depends-on|a.b|letters, digits, '_' and '-', was 'a.b'",
                "--queue|a,b|a queue name must not be empty, contain a comma",
                "--schedule-in|-5|--schedule-in: '-5' is not a time; write seconds such as 90, or 5m",
                "--schedule-at|2030-01-31|--schedule-at must be a time such as",
                "--ttl|soon|--ttl: 'soon' is not a time",
                "--schedule-in|-1|--schedule-in must be between 0 s and 2147483647 s, was -1",
                "--unique-for|-1|--unique-for must be limited, was -1; to refuse it for ever, make its id unique",
                "--unique-for|0|--unique-for must be at least 1 s",
                "--result-ttl|9999999999|--result-ttl must be at most 2147483647 s or -1 for ever, was 9999999999",
                "--group|''|--group must have 1 to 255 characters",
                "--serializer|msgpack|cannot be read here; there are json (rq.serializers.JSONSerializer)"
            })
    void aBadOptionIsExitCode2WithItsValue(String option, String value, String message) {
        var result = enqueue(option, value, "demo.add");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
    }

    @Test
    void aMisspeltOptionIsToldFromAnArgument() {
        assertThat(enqueue("demo.add", "--timout", "5").err())
                .contains("unknown option --timout; did you mean --timeout? If it is an argument for demo.add, put --");
        assertThat(enqueue("demo.add", "--timeout").err()).contains("--timeout needs a value, TIME; see");
    }

    @Test
    void argumentsAreReadAsRqReadsThem(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("value"), "[1, 2]").toString();
        var call = CallArguments.of(List.of(
                "word",
                ":{\"a\": [1]}",
                "%(1, 'b', None)",
                "text=hello",
                "json:=2.5",
                "literal%={'k': True}",
                "@" + file,
                "raw=@" + file,
                "list:=@" + file,
                "https://a.b/?c=d",
                "a b=c"));
        assertThat(call.positional())
                .containsExactly(
                        "word",
                        Map.of("a", List.of(1)),
                        Arrays.asList(java.math.BigInteger.ONE, "b", null),
                        "[1, 2]",
                        "https://a.b/?c=d",
                        "a b=c");
        assertThat(call.named().toString())
                .isEqualTo("{text=hello, json=2.5, literal={k=true}, raw=[1, 2], list=[1, 2]}");
        assertThat(call.named().get("raw")).isEqualTo("[1, 2]");
    }

    @Test
    void argumentsThatAreNotWhatTheySayAreRefused() {
        assertThat(enqueue("demo.add", ":{").err()).contains("'{' is not JSON: ");
        assertThat(enqueue("demo.add", "%{1").err()).contains("'{1' is not a Python literal (at character ");
        assertThat(enqueue("demo.add", "a=1", "a=2").err()).contains("the argument a was given twice, last as a=2");
        var missing = enqueue("demo.add", "@/no/such/file");
        assertThat(missing.err()).contains("cannot read the file of @/no/such/file (NoSuchFileException)");
        assertThat(missing.exitCode()).isEqualTo(2);
    }

    @Test
    void refusalsNameTheOptionsAndNotTheLibrarysSettings() {
        var unique = enqueue("--unique", "demo.add");
        assertThat(unique.exitCode()).isEqualTo(2);
        assertThat(unique.err()).contains("give --job-id ID, or --unique-for TIME");
        var pause = enqueue("--retry-max", "2", "--retry-interval", "-1", "demo.add");
        assertThat(pause.exitCode()).isEqualTo(2);
        assertThat(pause.err()).contains("--retry-interval must be 0 to 2147483647 s each, was -1");
        assertThat(enqueue("demo.add", ":[1").err()).contains("is not JSON").doesNotContain("REDACTED");
    }

    @Test
    void aNumberThatIsNoDatabaseIsNotTakenForAWrongPassword() {
        var result = Command.run("enqueue", "demo.add", "--redis", redis.url() + "/99");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("has no database 99").doesNotContain("password");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            value = {
                "1_000|1000",
                "-2.5e3|-2.5E+3",
                "True|true",
                "'it\\'s'|it's",
                "(1)|1",
                "(1,)|[1]",
                "[1, (2, 3), ]|[1, [2, 3]]",
                "{}|{}",
                "()|[]"
            })
    void pythonLiteralsAreRead(String text, String value) {
        assertThat(PythonLiteral.read(text)).hasToString(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[1", "[1 2]", "os.system('x')", "{1: 2}", "'a", "'a\\", "1 2", "--1", "e5", "."})
    void otherTextIsNoPythonLiteral(String text) {
        assertThatThrownBy(() -> PythonLiteral.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "' is not a Python literal");
    }
}
