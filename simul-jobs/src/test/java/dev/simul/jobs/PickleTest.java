package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.jobs.internal.pickle.Pickle;
import dev.simul.jobs.internal.pickle.Tuple;
import dev.simul.jobs.internal.pickle.UnreadablePickleException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Plain values between Java and the pickle module of the Python on this machine. */
class PickleTest {
    /** Makes each expression a pickle of each protocol. */
    private static final String DUMP = """
            import base64, collections, datetime, decimal, json, pickle, sys, uuid
            from zoneinfo import ZoneInfo
            utc = datetime.timezone.utc
            print(json.dumps([[base64.b64encode(pickle.dumps(eval(e), p)).decode() for p in range(6)] for e in json.load(sys.stdin)]))
            """;

    /** Shows what Python makes of each pickle, and of its type. */
    private static final String LOAD = """
            import base64, json, pickle, sys
            def show(v):
                return type(v).__name__ + ' ' + (str(v) if type(v).__name__ == 'UUID' else repr(v))
            print(json.dumps([show(pickle.loads(base64.b64decode(e))) for e in json.load(sys.stdin)]))
            """;

    private static <T> T python(String program, Object input, Class<T> type) throws IOException, InterruptedException {
        var json = new JsonMapper();
        var python = new ProcessBuilder("python3", "-c", program)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = python.getOutputStream()) {
            in.write(json.writeValueAsBytes(input));
        }
        var output = python.getInputStream().readAllBytes();
        assertThat(python.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return json.readValue(output, type);
    }

    private static byte[] write(@Nullable Object value) {
        return Pickle.write(value, String::valueOf);
    }

    @Test
    void everyPlainValueIsReadInEveryProtocol() throws Exception {
        var berlin = "ZoneInfo('Europe/Berlin')";
        var expected = new LinkedHashMap<String, @Nullable Object>();
        expected.put("None", null);
        expected.put("True", true);
        expected.put("False", false);
        expected.put("0", 0);
        expected.put("255", 255);
        expected.put("-1", -1);
        expected.put("65536", 65536);
        expected.put("2**31", 1L << 31);
        expected.put("-2**63", Long.MIN_VALUE);
        expected.put("2**63", BigInteger.ONE.shiftLeft(63));
        expected.put("-10**700", BigInteger.TEN.pow(700).negate());
        expected.put("1.5", 1.5);
        expected.put("float('inf')", Double.POSITIVE_INFINITY);
        expected.put("float('nan')", Double.NaN);
        expected.put("''", "");
        expected.put("'größer \\U0001F40D \\\\ \\n \\''", "größer \uD83D\uDC0D \\ \n '");
        expected.put("'x' * 70000", "x".repeat(70_000));
        expected.put("[]", List.of());
        expected.put("[1, [2, []]]", List.of(1, List.of(2, List.of())));
        expected.put("(1,)", List.of(1));
        expected.put("(1, 2, 3, 4)", List.of(1, 2, 3, 4));
        expected.put("{}", Map.of());
        expected.put(
                "{(1, 2): 'a', None: 'b', 3: 'c', b'x'[0]: 'd'}", map(List.of(1, 2), "a", null, "b", 3, "c", 120, "d"));
        expected.put("collections.OrderedDict(z=1, a=2)", map("z", 1, "a", 2));
        expected.put("{1, 'a', (2, 3)}", Set.of(1, "a", List.of(2, 3)));
        expected.put("frozenset([frozenset([1])])", Set.of(Set.of(1)));
        expected.put(
                "datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)", LocalDateTime.parse("2026-01-02T03:04:05.678901"));
        expected.put("datetime.datetime(2026, 1, 2, tzinfo=utc)", OffsetDateTime.parse("2026-01-02T00:00Z"));
        expected.put(
                "datetime.datetime(1, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=-3.5)))",
                OffsetDateTime.parse("0001-01-02T00:00-03:30"));
        expected.put(
                "datetime.datetime(2026, 7, 2, 1, tzinfo=" + berlin + ")",
                ZonedDateTime.parse("2026-07-02T01:00+02:00[Europe/Berlin]"));
        expected.put("datetime.date(9999, 12, 31)", LocalDate.of(9999, 12, 31));
        expected.put("datetime.time(23, 59, 59, 999999)", LocalTime.parse("23:59:59.999999"));
        expected.put(
                "datetime.timedelta(-1, 2, 3)",
                Duration.ofDays(-1).plusSeconds(2).plusNanos(3000));
        expected.put("decimal.Decimal('-1.50E+3')", new BigDecimal("-1.50E+3"));
        expected.put(
                "uuid.UUID('f0000000-0000-4000-8000-000000000001')",
                UUID.fromString("f0000000-0000-4000-8000-000000000001"));

        var pickles = python(DUMP, expected.keySet(), String[][].class);
        int row = 0;
        for (var entry : expected.entrySet()) {
            for (int protocol = 0; protocol <= 5; protocol++) {
                assertThat(Pickle.read(Base64.getDecoder().decode(pickles[row][protocol])))
                        .describedAs(entry.getKey() + " in protocol " + protocol)
                        .isEqualTo(entry.getValue());
            }
            row++;
        }
    }

    @Test
    void bytesAreReadInEveryProtocol() throws Exception {
        for (var pickles : python(DUMP, List.of("bytes(range(256))", "bytearray(range(256))"), String[][].class)) {
            for (var pickle : pickles) {
                var read = (byte[]) Pickle.read(Base64.getDecoder().decode(pickle));
                assertThat(read).hasSize(256).startsWith(0, 1, 2).endsWith(-2, -1);
            }
        }
    }

    @Test
    void dictsKeepTheirOrderAndTheSecondOfTwoEqualHoursIsKept() throws Exception {
        var pickles = python(
                DUMP,
                List.of(
                        "{str(i): i for i in range(100)}",
                        "datetime.datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo('Europe/Berlin'))"),
                String[][].class);
        var map = (Map<?, ?>)
                Objects.requireNonNull(Pickle.read(Base64.getDecoder().decode(pickles[0][5])));
        assertThat(new ArrayList<Object>(map.values())).isSorted().hasSize(100);
        assertThat(Pickle.read(Base64.getDecoder().decode(pickles[1][4])))
                .isEqualTo(ZonedDateTime.parse("2026-10-25T02:30+01:00[Europe/Berlin]"));
    }

    @Test
    void pythonReadsWhatIsWritten() throws Exception {
        var expected = new LinkedHashMap<Object, String>();
        expected.put(Tuple.of(), "tuple ()");
        expected.put(Tuple.of(1, Tuple.of("a", null), true), "tuple (1, ('a', None), True)");
        expected.put(1L << 40, "int 1099511627776");
        expected.put(-70000, "int -70000");
        expected.put((byte) -1, "int -1");
        expected.put(BigInteger.TEN.pow(30).negate(), "int -1" + "0".repeat(30));
        expected.put(BigInteger.ONE.shiftLeft(4000), "int " + BigInteger.ONE.shiftLeft(4000));
        expected.put(1.5f, "float 1.5");
        expected.put(Double.NEGATIVE_INFINITY, "float -inf");
        expected.put('ü', "str 'ü'");
        expected.put("\uD83D\uDC0D".repeat(100), "str '" + "\uD83D\uDC0D".repeat(100) + "'");
        expected.put(new int[] {1, 2}, "list [1, 2]");
        expected.put(new Object[] {"a", new byte[] {1}}, "list ['a', b'\\x01']");
        expected.put(new byte[300], "bytes b'" + "\\x00".repeat(300) + "'");
        expected.put(List.of(List.of(), 2.0), "list [[], 2.0]");
        expected.put(map("b", 1, "a", map(2, null)), "dict {'b': 1, 'a': {2: None}}");
        expected.put(Set.of("a"), "set {'a'}");
        expected.put(map(List.of(1, List.of(2)), List.of(3)), "dict {(1, (2,)): [3]}");
        expected.put(Set.of(Set.of(List.of(1))), "set {frozenset({(1,)})}");
        expected.put(map(new int[] {1}, Set.of(2)), "dict {(1,): {2}}");
        expected.put(TimeUnit.SECONDS, "str 'SECONDS'");
        expected.put(LocalDate.of(2026, 2, 28), "date datetime.date(2026, 2, 28)");
        expected.put(LocalTime.of(1, 2, 3, 4_567_999), "time datetime.time(1, 2, 3, 4567)");
        expected.put(
                LocalDateTime.parse("2026-02-28T10:00:00.25"),
                "datetime datetime.datetime(2026, 2, 28, 10, 0, 0, 250000)");
        expected.put(
                Instant.parse("2026-02-28T10:00:00Z"),
                "datetime datetime.datetime(2026, 2, 28, 10, 0, tzinfo=datetime.timezone.utc)");
        expected.put(
                ZonedDateTime.parse("2026-07-02T01:00+02:00[Europe/Berlin]"),
                "datetime datetime.datetime(2026, 7, 2, 1, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=7200)))");
        expected.put(
                Duration.ofSeconds(-1, 5000), "timedelta datetime.timedelta(days=-1, seconds=86399, microseconds=5)");
        expected.put(new BigDecimal("1.50"), "Decimal Decimal('1.50')");
        expected.put(
                UUID.fromString("f0000000-0000-4000-8000-000000000001"), "UUID f0000000-0000-4000-8000-000000000001");
        var pickles = expected.keySet().stream()
                .map(value -> Base64.getEncoder().encodeToString(write(value)))
                .toList();
        assertThat(python(LOAD, pickles, String[].class)).containsExactlyElementsOf(expected.values());
    }

    @Test
    void mapThatIsAKeyIsRefusedAsPythonCouldNotReadIt() {
        assertThatThrownBy(() -> write(Set.of(Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a map cannot be a key in Python");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        var value = map(
                "a",
                List.of(1, 2L << 40, 1.5),
                "b",
                Set.of(LocalDate.EPOCH),
                "c",
                Duration.ofMillis(-5),
                "d",
                new BigDecimal("1e-3"));
        assertThat(Pickle.read(write(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cos\nsystem\n(S'true'\ntR.",
                "(S'true'\nios\nsystem\n.",
                "\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093\u008c\u0004true\u0085R.",
                "\u0080\u0002cos\nsystem\n)\u0081}b.",
                "cos\nsystem\n."
            })
    void noNameThatIsNoPlainValueIsEverResolved(String pickle) {
        assertThatThrownBy(() -> Pickle.read(latin(pickle)))
                .isInstanceOf(UnreadablePickleException.class)
                .hasMessage("it holds os.system, which is no plain value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c__builtin__\ngetattr\n(c__builtin__\nobject\nV__subclasses__\ntR.", // the way to all classes of
                // Python
                "ccopy_reg\n_reconstructor\n(c__builtin__\nobject\nc__builtin__\nobject\nNtR.",
                "cdatetime\ndate\n.", // the class itself
                "(c__builtin__\nset\no.",
                "\u0080\u0002\u0082\u0001.", // a registered extension
                "P1\n."
            })
    void whatConstructsOrRefersElsewhereIsRefused(String pickle) {
        assertThatThrownBy(() -> Pickle.read(latin(pickle))).isInstanceOf(UnreadablePickleException.class);
    }

    @Test
    void lengthsThatAreNotThereAllocateNothing() {
        for (var opcode : List.of("58", "42", "8a", "8b", "8e", "96", "8d")) {
            var pickle = HexFormat.of().parseHex("8004" + opcode + "ffffff7fffffffff2e");
            assertThatThrownBy(() -> Pickle.read(pickle))
                    .describedAs(opcode)
                    .isInstanceOf(UnreadablePickleException.class)
                    .hasMessageNotContaining("OutOfMemory");
        }
    }

    @Test
    void listThatHoldsItselfIsRefused() {
        assertThatThrownBy(() -> Pickle.read(latin("\u0080\u0004]\u0094h\u0000a.")))
                .hasMessage("it is nested more than 500 deep");
    }

    @Test
    void fewBytesThatMeanBillionsOfValuesAreRefused() {
        var doubling = new StringBuilder("\u0080\u0004]\u0094");
        for (int i = 0; i < 60; i++) {
            doubling.append("](h").append((char) i).append('h').append((char) i).append("e\u0094");
        }
        assertThatThrownBy(() -> Pickle.read(latin(doubling.append('.').toString())))
                .hasMessageMatching("it means more than \\d+ values");
    }

    @Test
    void deepNestingNeitherReadsNorWritesNorOverflowsTheStack() {
        assertThatThrownBy(
                        () -> Pickle.read(latin("\u0080\u0004" + "(".repeat(1_000_000) + "t".repeat(1_000_000) + ".")))
                .hasMessage("it is nested more than 500 deep");
        Object deep = List.of();
        for (int i = 0; i < 100_000; i++) {
            deep = List.of(deep);
        }
        var value = deep;
        assertThatThrownBy(() -> write(value)).hasMessageContaining("nested more than 500 deep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "\u0080",
                "\u0080\u0004",
                "\u0080\u0006N.",
                "\u0080\u0004K",
                "}]s.",
                "0.",
                "2.",
                "(](u.",
                "t.",
                "R.",
                "NNR.",
                "\u0080\u0004}(K\u0001u.",
                "\u0080\u0004\u008c\u0002\u00ff\u00fe.",
                "h\u0005.",
                "Iabc\n.",
                "Fx\n.",
                "L99x\n.",
                "\u0080\u0004}]]s."
            })
    void damagedPickleIsRefusedByOneKindOfException(String pickle) {
        assertThatThrownBy(() -> Pickle.read(latin(pickle))).isInstanceOf(UnreadablePickleException.class);
    }

    @Test
    void longNumbersAndHugeExponentsAreRefused() {
        assertThatThrownBy(() -> Pickle.read(latin("L" + "9".repeat(200_000) + "L\n.")))
                .hasMessage("it holds a number of 200000 digits");
        assertThatThrownBy(() -> Pickle.read(latin("cdecimal\nDecimal\n(V1E+999999999\ntR.")))
                .hasMessageContaining("it holds a Decimal");
    }

    /** Bytes of real pickles, damaged at random: a value or one kind of exception, never anything else. */
    @Test
    void damageOfAnyKindEndsInAValueOrInOneKindOfException() throws Exception {
        var seed = 20261125L;
        var random = new Random(seed);
        var real = python(
                DUMP,
                List.of(
                        "('tasks.add', None, (2, 3.5, b'x', datetime.datetime(2026, 1, 2, tzinfo=utc)), {'k': {1, 2}, 'u': uuid.UUID(int=7)})",
                        "[{'a': [1, 2, (3, frozenset([4]))], 'b': decimal.Decimal('1.5')}] * 3"),
                String[][].class);
        var pickles = Arrays.stream(real)
                .flatMap(Arrays::stream)
                .map(Base64.getDecoder()::decode)
                .toList();
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            var damaged = damage(pickles.get(random.nextInt(pickles.size())), random);
            try {
                Pickle.read(damaged);
            } catch (UnreadablePickleException e) {
                refused++;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", " + HexFormat.of().formatHex(damaged), e);
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private static byte[] damage(byte[] bytes, Random random) {
        var damaged = Arrays.copyOf(bytes, random.nextInt(20) == 0 ? random.nextInt(bytes.length) + 1 : bytes.length);
        for (int n = random.nextInt(4); n >= 0; n--) {
            damaged[random.nextInt(damaged.length)] =
                    random.nextInt(3) == 0 ? bytes[random.nextInt(bytes.length)] : (byte) random.nextInt(256);
        }
        return damaged;
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Map<@Nullable Object, @Nullable Object> map(@Nullable Object... keysAndValues) {
        var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
