package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.EmbeddedRedis;
import org.junit.jupiter.api.Test;

class RedisInfoTest {
    @Test
    void countsCommandsInsideScriptsToo() throws Exception {
        try (var redis = EmbeddedRedis.start()) {
            var before = RedisInfo.of(redis.port());
            RedisInfo.ask(redis.port(), "EVAL \"return{redis.call('SET','a','1'),redis.call('GET','a')}\" 0");
            var after = RedisInfo.of(redis.port());

            assertThat(after.commands() - before.commands()).isEqualTo(3);
        }
    }

    @Test
    void doesNotCountItsOwnQuestions() throws Exception {
        try (var redis = EmbeddedRedis.start()) {
            assertThat(RedisInfo.of(redis.port()).commands()).isZero();
            assertThat(RedisInfo.of(redis.port()).commands()).isZero();
        }
    }
}
