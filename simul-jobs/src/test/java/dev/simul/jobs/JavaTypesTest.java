package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Records, enums, moments and exact numbers as arguments and results, from Java to Java. */
class JavaTypesTest extends OnRedis {
    record Line(String item, BigDecimal price) {}

    record Order(
            UUID id,
            DayOfWeek day,
            List<Line> lines,
            Map<String, Duration> waits,
            Optional<String> note,
            Instant at,
            BigInteger big,
            double factor,
            Object anything) {}

    record Times(
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration duration,
            Period period,
            Year year,
            YearMonth month,
            ZoneId zone) {}

    enum Colour {
        RED {
            @Override
            public String toString() {
                return "rot";
            }
        }
    }

    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    sealed interface Command {}

    record Quit() implements Command {}

    record Go(int steps, Optional<Command> then) implements Command {}

    static final class Functions {
        private Functions() {}

        @SimulJob("types.colours")
        static Map<Colour, List<Colour>> colours(Map<Colour, List<Colour>> colours) {
            return colours;
        }

        @SimulJob("types.shape")
        static Shape shape(Shape shape) {
            return shape;
        }

        @SimulJob("types.commands")
        static List<Command> commands(Command command, List<Command> more) {
            return Stream.concat(Stream.of(command), more.stream()).toList();
        }

        @SimulJob("types.order")
        static Order order(Order order) {
            return order;
        }

        @SimulJob("types.times")
        static Times times(Times times) {
            return times;
        }

        @SimulJob("types.price")
        static BigDecimal price(BigDecimal price, Number number, Object object) {
            return price.add(BigDecimal.valueOf(number.doubleValue())).add(new BigDecimal(object.toString()));
        }
    }

    private void burst() throws InterruptedException {
        Worker.on(redis.url()).functions(Functions.class).burst(true).build().run();
    }

    @Test
    void recordsEnumsAndExactNumbersComeBackEqual() throws Exception {
        var order = new Order(
                UUID.randomUUID(),
                DayOfWeek.MONDAY,
                List.of(new Line("größe", new BigDecimal("3.10000000000000000000001"))),
                Map.of("first", Duration.ofMillis(1_500)),
                Optional.empty(),
                Instant.parse("2030-01-01T00:00:00.123456789Z"),
                BigInteger.TWO.pow(200),
                0.1,
                List.of(3, 3.0, "x", true));
        var job = jobs.queue("default").enqueue(Functions::order, order);
        burst();
        assertThat(job.await()).isEqualTo(order);
    }

    @Test
    void momentsDaysAndDurationsAreTextForOthersAndComeBackEqual() throws Exception {
        var zone = ZoneId.of("Europe/Berlin");
        var times = new Times(
                Instant.parse("2030-01-01T00:00:00Z"),
                LocalDate.of(2030, 1, 2),
                LocalTime.of(3, 4, 5),
                LocalDateTime.of(2030, 1, 2, 3, 4, 5, 6_000),
                OffsetDateTime.parse("2030-01-02T03:04:05+02:00"),
                ZonedDateTime.of(2030, 7, 2, 3, 4, 5, 0, zone),
                Duration.ofSeconds(90),
                Period.ofDays(3),
                Year.of(2030),
                YearMonth.of(2030, 1),
                zone);
        var job = jobs.queue("default").enqueue(Functions::times, times);
        assertThat(RedisDump.of(redis.url()))
                .contains("\"date\": \"2030-01-02\"")
                .contains("\"offset\": \"2030-01-02T03:04:05+02:00\"")
                .contains("\"duration\": \"PT1M30S\"");
        burst();
        assertThat(job.await()).isEqualTo(times);
    }

    @Test
    void aDecimalKeepsItsDigitsAndWhatIsNoDecimalIsADouble() throws Exception {
        var exact = new BigDecimal("12345678901234567890.10");
        var job = jobs.queue("default").enqueue(Functions::price, exact, 0.5, 0.25);
        var node = jobs.queue("default").enqueue("types.price", JsonNode.class, exact, 0, 0);
        burst();
        assertThat(job.await()).isEqualTo(new BigDecimal("12345678901234567890.85"));
        assertThat(node.await().isNumber()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anEnumGoesByItsNameWhateverItsTextIs(Serializer serializer) throws Exception {
        var colours = Map.of(Colour.RED, List.of(Colour.RED));
        var job = jobs.queue("default").with(o -> o.serializer(serializer)).enqueue(Functions::colours, colours);
        assertThat(job.info().orElseThrow().arguments()).hasToString("[{RED=[RED]}]");
        burst();
        assertThat(job.await()).isEqualTo(colours);
    }

    @ParameterizedTest
    @EnumSource
    void ofASealedTypeTheValueHasToSayWhichClassItIs(Serializer serializer) throws Exception {
        var queue = jobs.queue("default").with(o -> o.serializer(serializer));
        var told = queue.enqueue(Functions::commands, new Quit(), List.of(new Go(3, Optional.of(new Quit()))));
        var untold = queue.enqueue(Functions::shape, new Circle(1));
        burst();
        assertThat(told.await()).isEqualTo(List.of(new Quit(), new Go(3, Optional.of(new Quit()))));
        assertThatThrownBy(untold::await)
                .isInstanceOf(JobFailedException.class)
                .hasMessageEndingWith("$Shape is abstract, and nothing says which of its classes this is; take one of"
                        + " them, or annotate it with Jackson's @JsonTypeInfo");
    }

    @ParameterizedTest
    @EnumSource
    void anObjectThatNothingWouldBeLeftOfIsRefused(Serializer serializer) {
        var queue = jobs.queue("default").with(o -> o.serializer(serializer));
        assertThatThrownBy(() -> queue.enqueue("types.any", Object.class, new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(serializer + " cannot express the arguments of types.any: No serializer found for class"
                        + " java.lang.Object and no properties discovered to create BeanSerializer");
        var many =
                new ArrayList<JobRequest<Object>>(Collections.nCopies(300, JobRequest.of("types.any", Object.class)));
        many.add(many.getFirst().with(o -> o.meta(Map.of("k", new Object()))));
        assertThatThrownBy(() -> queue.enqueueMany(many))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(serializer + " cannot express the meta of types.any(): ");
        assertThat(queue.size()).isZero();
    }

    @Test
    void nullForANumberIsRefusedWithoutSettingsThatNobodyCanMake() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.add", Integer.class, null, 1);
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThatThrownBy(job::await)
                .hasMessageEndingWith("(int a, int b) was called with null for a: Cannot map `null` into type `int`");
    }

    @ParameterizedTest
    @EnumSource
    void aWholeNumberMayHaveAPointButNoFraction(Serializer serializer) throws Exception {
        var queue = jobs.queue("default").with(o -> o.serializer(serializer));
        var whole = queue.enqueue("tasks.add", Integer.class, 3.0, 4);
        var half = queue.enqueue("tasks.add", Integer.class, 3.5, 4);
        var none = queue.enqueue("tasks.add", Integer.class, 4, Double.NaN);
        var result = queue.enqueue("types.price", Integer.class, new BigDecimal("0.25"), 0.25, 0.5);
        Worker.on(redis.url())
                .functions(Sums.class, Functions.class)
                .burst(true)
                .build()
                .run();
        assertThat(whole.await()).isEqualTo(7);
        assertThat(whole.latestResult().orElseThrow().json())
                .isEqualTo(serializer == Serializer.JSON ? Optional.of("7") : Optional.empty());
        assertThatThrownBy(half::await).hasMessageContaining(" for a: 3.5 is no whole number of that size");
        assertThatThrownBy(none::await).hasMessageContaining(" for b: NaN is no whole number of that size");
        assertThat(result.await()).isEqualTo(1);
    }
}
