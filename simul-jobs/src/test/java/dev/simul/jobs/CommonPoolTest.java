package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program may keep the JVM's common pool busy for as long as it likes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommonPoolTest {
    private final CountDownLatch busy = new CountDownLatch(1);

    @BeforeEach
    void keepEveryThreadOfItBusy() throws InterruptedException {
        int threads = ForkJoinPool.commonPool().getParallelism();
        var begun = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                begun.countDown();
                try {
                    busy.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        begun.await();
    }

    @AfterEach
    void letItGo() {
        busy.countDown();
    }

    @Test
    void clientsAndWorkersConnectAndComeBackWithoutIt() throws Exception {
        try (var redis = EmbeddedRedis.start("--user simul on >secret ~* &* +@all".split(" "))) {
            for (var url : new String[] {redis.url(), "redis://simul:secret@127.0.0.1:" + redis.port()}) {
                var settings = JobSettings.of(url);
                try (var jobs = JobClient.connect(settings)) {
                    jobs.redis().reconnect();
                    var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
                    Worker.on(settings)
                            .functions(Sums.class)
                            .burst(true)
                            .build()
                            .run();
                    assertThat(job.await()).isEqualTo(5);
                }
            }
        }
    }
}
