package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobSettings;
import org.junit.jupiter.api.Test;

class RedisOptionTest {

    @Test
    void prefixAndShortOptionReachTheDeploymentsKeys() {
        try (var redis = EmbeddedRedis.start();
                var shop = JobClient.connect(JobSettings.of(redis.url()).keyPrefix("shop"))) {
            var enqueued = Command.run("enqueue", "demo.add", "2", "3", "-u", redis.url(), "--key-prefix", "shop");
            assertThat(enqueued.exitCode()).isZero();
            assertThat(shop.queue("default").size()).isEqualTo(1);
        }
    }

    @Test
    void certificateWithoutItsKeyIsRefusedBeforeAnythingRuns() {
        var refused = Command.run("enqueue", "demo.add", "--redis", "rediss://localhost", "--tls-cert", "our.crt");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--tls-cert and --tls-key belong together");
    }

    @Test
    void missingAuthorityFileIsNamed() {
        var refused = Command.run("worker", "--demo", "--redis", "rediss://localhost", "--tls-ca", "/nowhere/ca.crt");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--tls-ca must be a PEM file that can be read, was /nowhere/ca.crt");
    }

    @Test
    void refusalsNameTheOptionAndNoSecrets() {
        var prefix = Command.run("info", "--key-prefix", "a,b");
        assertThat(prefix.exitCode()).isEqualTo(2);
        assertThat(prefix.err()).contains("--key-prefix consists of letters, digits and _ . : - { }, was 'a,b'; see");
        var twice = Command.run("info", "-u", "redis://:secret@a", "-u", "redis://:secret@a");
        assertThat(twice.err()).contains("--redis must name each Redis once, was a:6379 twice");
    }
}
