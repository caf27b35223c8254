package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.Test;
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
