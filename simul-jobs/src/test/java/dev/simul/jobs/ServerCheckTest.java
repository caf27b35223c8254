package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServerCheckTest {

    @Test
    void clusterIsRefusedUnlessTheKeysStayOnOneNode() throws Exception {
        try (var redis = EmbeddedRedis.start("--cluster-enabled", "yes");
                var client = RedisClient.create(redis.url())) {
            assertThatThrownBy(() -> JobClient.connect(redis.url()))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessage("Redis at 127.0.0.1:" + redis.port()
                            + " is part of a cluster, over which RQ's keys would be scattered; give a Redis that is"
                            + " none, or a key prefix with a hash tag, such as {rq} (JobSettings.keyPrefix,"
                            + " --key-prefix or RQ_KEY_PREFIX), which keeps all keys on one node");

            var raw = client.connect().sync();
            raw.clusterAddSlots(IntStream.range(0, 16384).toArray());
            while (!raw.clusterInfo().contains("cluster_state:ok")) {
                Background.breathe();
            }
            var tagged = JobSettings.of(redis.url()).keyPrefix("{rq}");
            try (var jobs = JobClient.connect(tagged)) {
                var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
                Worker.on(tagged).functions(Sums.class).burst(true).build().run();
                assertThat(job.await()).isEqualTo(5);
            }
        }
    }
}
