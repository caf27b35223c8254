package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixSocketTest {
    @TempDir
    private Path folder;

    @Test
    void jobsGoOverASocketOfThisMachineAlsoAfterItsConnectionsWereLost() throws Exception {
        var socket = folder.resolve("redis.sock");
        var options = "--unixsocket " + socket + " --user simul on >secret ~* &* +@all";
        try (var redis = EmbeddedRedis.start(options.split(" "));
                var tcp = JobClient.connect(redis.url() + "/2")) {
            var settings = JobSettings.of("unix://" + socket + "?db=2").credentials("simul", "secret");
            try (var jobs = JobClient.connect(settings)) {
                var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
                assertThat(tcp.queue("default").ids()).containsExactly(job.id());
                jobs.redis().reconnect();
                Worker.on(settings).functions(Sums.class).burst(true).build().run();
                assertThat(job.await()).isEqualTo(5);
            }
        }
    }

    @Test
    void socketThatIsMissingIsNamed() {
        var socket = folder.resolve("nowhere.sock");
        assertThatThrownBy(() -> JobClient.connect("redis+unix://" + socket))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("no Redis at " + socket);
    }
}
