package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Redis counts for us: what a job costs in round trips and in commands, where RQ spends 52 to 57 of both. */
class CommandBudgetTest {
    private static final int JOBS = 200;

    @Test
    void oneAfterTheOtherAJobTakesThreeRoundTrips() throws Exception {
        var calls = callsOfOneBurst(1);
        // enqueue, reserve, finish; a few more for the worker's own life
        assertThat(calls.get("evalsha") / (double) JOBS).isLessThan(3.1);
        assertThat(inside(calls)).isLessThan(34);
    }

    @Test
    void manyAtATimeShareTheirRoundTrips() throws Exception {
        var calls = callsOfOneBurst(50);
        assertThat(calls.get("evalsha") / (double) JOBS).isLessThan(2); // the enqueue is one of these
        assertThat(inside(calls)).isLessThan(24);
    }

    private static double inside(Map<String, Long> calls) {
        long all = calls.values().stream().mapToLong(Long::longValue).sum();
        return (all - calls.get("evalsha")) / (double) JOBS;
    }

    private static Map<String, Long> callsOfOneBurst(int concurrency) throws InterruptedException {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url());
                var client = RedisClient.create(redis.url())) {
            var worker = Worker.on(redis.url())
                    .functions(Sums.class)
                    .concurrency(concurrency)
                    .burst(true)
                    .build();
            jobs.queue("default").enqueue(Sums::noop);
            worker.run(); // Redis knows the scripts now
            var commands = client.connect().sync();
            commands.configResetstat();
            for (int i = 0; i < JOBS; i++) {
                jobs.queue("default").enqueue(Sums::noop);
            }
            worker.run();
            return Pattern.compile("cmdstat_([^:]+):calls=(\\d+)")
                    .matcher(commands.info("commandstats"))
                    .results()
                    .collect(Collectors.toMap(m -> m.group(1), m -> Long.valueOf(m.group(2)), Long::sum, TreeMap::new));
        }
    }
}
