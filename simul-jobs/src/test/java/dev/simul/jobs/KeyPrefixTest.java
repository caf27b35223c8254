package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPrefixTest {

    @ParameterizedTest
    @ValueSource(strings = {"shop", "a.b:c-d_9", "{orders}"})
    void everyKeyBeginsWithTheDeploymentsPrefix(String prefix) throws Exception {
        try (var redis = EmbeddedRedis.start();
                var client = RedisClient.create(redis.url())) {
            var raw = client.connect().sync();
            var deployment = JobSettings.of(redis.url()).keyPrefix(prefix);
            try (var jobs = JobClient.connect(deployment)) {
                var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
                raw.rpush(prefix + ":queue:default", "not an id"); // is put aside under a key of our own
                Worker.on(deployment).functions(Sums.class).burst(true).build().run();
                assertThat(job.await()).isEqualTo(5);
            }
            assertThat(raw.keys("*"))
                    .contains(prefix + ":queues", "simul:" + prefix + ":unreadable:default")
                    .allMatch(key -> key.startsWith(prefix + ":") || key.startsWith("simul:" + prefix + ":"));
        }
    }

    @Test
    void rqWithTheSamePrefixIsUnderstoodBothWays(@TempDir Path gates) throws Exception {
        try (var stage = new Stage(gates);
                var rq = new RqActor(PythonRq.install("3.0.0", stage.url()), gates, Map.of("RQ_KEY_PREFIX", "{shop}"));
                var simul = new SimulActor(JobSettings.of(stage.url()).keyPrefix("{shop}"))) {
            var story = Sequence.of(
                    "a parent, its child and a failure",
                    "enqueue id=\"p\" function=\"tasks.add\" args=[2,3]",
                    "enqueue id=\"c\" function=\"tasks.boom\" args=[\"x\"] after=[\"p\"] retry=1",
                    "look_job id=\"c\"",
                    "work",
                    "look_job id=\"p\"",
                    "look_job id=\"c\"",
                    "look_queues",
                    "look_entries kind=\"failed\"");
            var expected = answers(new Cast("rq alone", rq, rq), story, stage);
            assertThat(answers(new Cast("rq asks, Simul works", rq, simul), story, stage))
                    .isEqualTo(expected);
            assertThat(answers(new Cast("Simul asks, rq works", simul, rq), story, stage))
                    .isEqualTo(expected);
            assertThat(stage.keys().entries().keySet())
                    .anyMatch(entry -> entry.startsWith("{shop}:failed:default"))
                    .allMatch(entry -> entry.startsWith("{shop}:"));
        }
    }

    private static List<Optional<Object>> answers(Cast cast, Sequence story, Stage stage) throws Exception {
        return cast.play(story, stage).stream()
                .map(scene -> Optional.ofNullable(scene.answer()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ü", "a\n", "a*"})
    void aPrefixThatRqWouldNotTakeIsRefused(String prefix) {
        assertThatThrownBy(() -> JobSettings.of("redis://localhost").keyPrefix(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keyPrefix consists of letters, digits and _ . : - { }, was '" + prefix + "'");
    }

    @Test
    void settingsDoNotShowThePassword() {
        assertThat(JobSettings.of("redis://ana:secret@localhost:6379").keyPrefix("shop"))
                .hasToString("Redis at localhost:6379, keys shop:…");
    }
}
