package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job that has no fields but those of every job is taken with fewer questions, and only as long as that is true. */
class PlainJobTest extends OnRedis {
    private String plainJob() {
        return "rq:job:" + jobs.queue("default").enqueue(Sums::add, 1, 2).id();
    }

    private static void work() throws InterruptedException {
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
    }

    @Test
    void hasTheSixteenFieldsThatItsReaderCounts() throws Exception {
        var job = plainJob();
        assertThat(raw.hlen(job)).isEqualTo(16);
        assertThat(raw.hget(job, "x_plain")).isEqualTo("1");
        work();
        assertThat(raw.hget(job, "status")).isEqualTo("finished");
    }

    @Test
    void alsoInABatch() {
        var many = jobs.queue("default").enqueueMany(List.of(JobRequest.of(Sums::noop), JobRequest.of(Sums::noop)));
        assertThat(many)
                .allSatisfy(job -> assertThat(raw.hgetall("rq:job:" + job.id()))
                        .hasSize(16)
                        .containsEntry("x_plain", "1"));
    }

    @Test
    void fieldThatSomebodyAddsMeanwhileCounts() throws Exception {
        var job = plainJob();
        raw.hset(job, Map.of("result_ttl", "7", "ttl", "1000"));
        raw.expire(job, 1000);
        work();
        assertThat(raw.ttl(job)).isBetween(5L, 7L);
    }

    @Test
    void jobThatRunsAgainLosesTheLifeTimeOfItsResult() throws Exception {
        var gate = Sums.gate("again", 2);
        var id = jobs.queue("default").enqueue(Sums::hold, "again").id();
        gate.open.countDown();
        work();
        assertThat(raw.ttl("rq:job:" + id)).isPositive();

        var second = Sums.gate("again", 1);
        raw.rpush("rq:queue:default", id);
        var run = Background.call(() -> {
            work();
            return true;
        });
        assertThat(second.begun.await(30, SECONDS)).isTrue();
        assertThat(raw.ttl("rq:job:" + id)).isEqualTo(-1);
        second.open.countDown();
        run.get(30, SECONDS);
    }
}
