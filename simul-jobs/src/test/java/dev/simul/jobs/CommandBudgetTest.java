package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Redis counts for us: what a job costs in round trips and in commands, where RQ spends 52 to 57 of both. */
class CommandBudgetTest {
    private static final int JOBS = 200;

    /** Per job: what the clients sent, and what Redis did for it inside the scripts too. */
    private record Cost(double roundTrips, double commands, boolean persists) {}

    @Test
    void oneAfterTheOtherAJobTakesThreeRoundTrips() throws Exception {
        var cost = costOfOneBurst(1);
        // enqueue, reserve, finish; a few more for the worker's own life
        assertThat(cost.roundTrips()).isLessThan(3.1);
        assertThat(cost.commands()).isLessThan(34);
    }

    @Test
    void manyAtATimeShareTheirRoundTrips() throws Exception {
        var cost = costOfOneBurst(50);
        assertThat(cost.roundTrips()).isLessThan(2); // the enqueue is one of these
        assertThat(cost.commands()).isLessThan(19);
        assertThat(cost.persists()).isFalse(); // which a job needs that is not new
    }

    private static Cost costOfOneBurst(int concurrency) throws InterruptedException {
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
            long all = 0;
            long scripts = 0;
            boolean persists = false;
            var lines = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)").matcher(commands.info("commandstats"));
            while (lines.find()) {
                long calls = Long.parseLong(lines.group(2));
                all += calls;
                scripts += lines.group(1).equals("evalsha") ? calls : 0;
                persists |= lines.group(1).equals("persist");
            }
            return new Cost((double) scripts / JOBS, (double) (all - scripts) / JOBS, persists);
        }
    }
}
