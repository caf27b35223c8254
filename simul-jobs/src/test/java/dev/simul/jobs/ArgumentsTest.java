package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a call from Redis meets the parameters of a method. */
class ArgumentsTest extends OnRedis {
    static final class Greetings {
        private Greetings() {}

        @SimulJob("greetings.greet")
        static String greet(String name, Optional<String> greeting, OptionalInt times) {
            return (greeting.orElse("hello") + " " + name + " ")
                    .repeat(times.orElse(1))
                    .strip();
        }

        @SimulJob("greetings.all")
        static int all(List<String> names) {
            return names.size();
        }
    }

    private String outcome(Job<?> job) throws Exception {
        Worker.on(redis.url()).functions(Greetings.class).burst(true).build().run();
        try {
            return String.valueOf(job.await());
        } catch (JobFailedException e) {
            return e.traceback();
        }
    }

    private String named(String parameter, Object value) throws Exception {
        return outcome(jobs.queue("default")
                .enqueue(JobRequest.of("greetings.greet", String.class, "ana").named(parameter, value)));
    }

    private String called(@Nullable Object... arguments) throws Exception {
        return outcome(jobs.queue("default").enqueue("greetings.greet", String.class, arguments));
    }

    @Test
    void optionalParameterMayBeLeftOut() throws Exception {
        assertThat(called("ana")).isEqualTo("hello ana");
        assertThat(called("ana", "hi")).isEqualTo("hi ana");
        assertThat(called("ana", "hi", 2)).isEqualTo("hi ana hi ana");
        assertThat(named("times", 2)).isEqualTo("hello ana hello ana");
    }

    @Test
    void noneIsAnEmptyOptionalInEitherSerializer() throws Exception {
        assertThat(called("ana", null, null)).isEqualTo("hello ana");
        var pickled = jobs.queue("default").with(o -> o.serializer(Serializer.PICKLE));
        assertThat(outcome(pickled.enqueue("greetings.greet", String.class, "ana", null)))
                .isEqualTo("hello ana");
    }

    @Test
    void javaSaysItWithAnOptional() throws Exception {
        var job = jobs.queue("default").enqueue(Greetings::greet, "ana", Optional.of("hi"), OptionalInt.empty());
        assertThat(job.info().orElseThrow().arguments()).containsExactly("ana", "hi", null);
        assertThat(outcome(job)).isEqualTo("hi ana");
    }

    @Test
    void argumentThatIsMissingIsNamedWithTheFunctionAndWhatWasGiven() throws Exception {
        var signature = "greetings.greet(String name, Optional<String> greeting, OptionalInt times)";
        assertThat(called()).contains(signature + " was called without name: ().");
        assertThat(outcome(jobs.queue("default")
                        .enqueue(JobRequest.of("greetings.greet", String.class).named("times", 2))))
                .contains(signature + " was called without name: (times=2).");
    }

    @Test
    void argumentsThatAreTooManyAreShownWithTheFunction() throws Exception {
        assertThat(outcome(jobs.queue("default").enqueue("greetings.all", Integer.class, List.of("a"), 7)))
                .contains("greetings.all(List<String> names) was called with 2 arguments, and takes 1: ([\"a\"], 7).");
    }

    @Test
    void keywordThatIsUnknownOrSaidTwiceIsNamed() throws Exception {
        assertThat(named("tims", 2))
                .contains("was called with tims as well, and knows no such parameter: (\"ana\", tims=2).");
        assertThat(named("name", "ben"))
                .contains("was called with name twice, by place and by name: (\"ana\", name=\"ben\").");
    }

    @Test
    void argumentOfAnotherTypeIsNamedWithItsParameter() throws Exception {
        assertThat(called("ana", "hi", "often")).contains("was called with \"often\" for times: ");
    }
}
