package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.EmbeddedRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DelayProxyTest {
    @Test
    void aReplyComesNoSoonerThanTheDelay() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var proxy = new DelayProxy(redis.port())) {
            proxy.delay(Duration.ofMillis(20));
            long start = System.nanoTime();

            assertThat(RedisInfo.ask(proxy.port(), "PING")).isEqualTo("+PONG");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        }
    }
}
