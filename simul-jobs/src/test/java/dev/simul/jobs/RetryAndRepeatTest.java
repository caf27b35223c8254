package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of jobs with attempts left and of jobs to be repeated, by the fields that RQ keeps for that. */
class RetryAndRepeatTest {
    private static final String BOOM = "[\"tasks.boom\", null, [\"no luck\"], {}]";
    private static final String ADD = "[\"tasks.add\", null, [1, 2], {}]";

    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

    private HandWrittenJobs jobs;

    @BeforeEach
    void connect() {
        RedisDump.flush(REDIS.url());
        jobs = new HandWrittenJobs(REDIS.url());
    }

    @AfterEach
    void disconnect() {
        jobs.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private void work() throws InterruptedException {
        Worker.on(REDIS.url())
                .functions(Sums.class)
                .name("w1")
                .burst(true)
                .build()
                .run();
    }

    private static Map<String, String> fields(String... pairs) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    @Test
    void retryWithAnIntervalIsScheduled() throws Exception {
        jobs.queued("r", BOOM, fields("retries_left", "2", "retry_intervals", "[7, 90]"));
        work();
        assertThat(jobs.field("r", "status")).isEqualTo("scheduled");
        assertThat(jobs.field("r", "retries_left")).isEqualTo("1");
        assertThat(jobs.field("r", "ended_at")).isNotEmpty();
        assertThat(jobs.due("scheduled:default", "r")).isEqualTo(10);
        assertThat(jobs.keys()).doesNotContain("rq:results:r", "rq:failed:default", "rq:wip:default");
        assertThat(jobs.redis().hget("rq:worker:w1", "failed_job_count")).isEqualTo("1");
    }

    @Test
    void intervalsAreCountedFromTheEndOfTheList() throws Exception {
        jobs.queued("tail", BOOM, fields("retries_left", "1", "retry_intervals", "[10, 20, 30]"));
        jobs.queued("head", BOOM, fields("retries_left", "5", "retry_intervals", "[10, 20]"));
        work();
        assertThat(jobs.due("scheduled:default", "tail")).isEqualTo(30);
        assertThat(jobs.due("scheduled:default", "head")).isEqualTo(10);
    }

    @Test
    void retryWithoutAnIntervalRunsAgainUntilNoneIsLeft() throws Exception {
        jobs.queued("r", BOOM, fields("retries_left", "2", "retry_intervals", "[0]"));
        work();
        assertThat(jobs.field("r", "status")).isEqualTo("failed");
        assertThat(jobs.field("r", "retries_left")).isEqualTo("0");
        assertThat(jobs.registry("failed:default")).containsExactly("r");
        assertThat(jobs.resultTypes("r")).containsExactly("2");
        assertThat(jobs.redis().hget("rq:worker:w1", "failed_job_count")).isEqualTo("3");
    }

    @Test
    void jobThatAnotherWorkerMayOfferIsTriedAgain() throws Exception {
        var retries = fields("retries_left", "1", "retry_intervals", "[60]");
        jobs.queued("unknown", "[\"no.such.function\", null, [], {}]", retries);
        jobs.queued("unreadable", "[7]", retries);
        work();
        assertThat(jobs.registry("scheduled:default")).containsExactly("unknown");
        assertThat(jobs.registry("failed:default")).containsExactly("unreadable");
    }

    @Test
    void workerKeepsResultsAsLongAsItWasToldUnlessTheJobSaysIt() throws Exception {
        jobs.queued("a", ADD, fields());
        jobs.queued("b", ADD, fields("result_ttl", "60"));
        jobs.queued("c", BOOM, fields());
        Worker.on(REDIS.url())
                .functions(Sums.class)
                .resultTtl(JobOptions.FOREVER)
                .failureTtl(Duration.ofHours(1))
                .burst(true)
                .build()
                .run();
        assertThat(jobs.ttl("rq:job:a")).isEqualTo(-1);
        assertThat(jobs.ttl("rq:job:b")).isBetween(50L, 60L);
        assertThat(jobs.ttl("rq:job:c")).isBetween(3590L, 3600L);
        assertThat(jobs.ttl("rq:results:c")).isBetween(3590L, 3600L);
    }

    @Test
    void whereAllWorkersAreRq3RepeatsUseTheListUpFromTheFront() throws Exception {
        jobs.queued("three", ADD, fields("repeats_left", "3", "repeat_intervals", "[10, 20, 30]"));
        jobs.queued("one", ADD, fields("repeats_left", "2", "repeat_intervals", "[40]"));
        Worker.on(JobSettings.of(REDIS.url()).allWorkersAreRq3())
                .functions(Sums.class)
                .burst(true)
                .build()
                .run();
        assertThat(jobs.due("scheduled:default", "three")).isEqualTo(10);
        assertThat(jobs.field("three", "repeat_intervals")).isEqualTo("[20, 30]");
        assertThat(jobs.due("scheduled:default", "one")).isEqualTo(40);
        assertThat(jobs.field("one", "repeat_intervals")).isEqualTo("[40]");
    }

    @Test
    void damagedRetryFieldsNeverHoldUpTheJob() throws Exception {
        jobs.queued("words", BOOM, fields("retries_left", "many", "retry_intervals", "[0]"));
        jobs.queued("fraction", BOOM, fields("retries_left", "1.5", "retry_intervals", "[0]"));
        jobs.queued("infinite", BOOM, fields("retries_left", "inf", "retry_intervals", "[0]"));
        jobs.queued("number", BOOM, fields("retries_left", "1", "retry_intervals", "15"));
        jobs.queued("empty", BOOM, fields("retries_left", "1", "retry_intervals", "[]"));
        jobs.queued("broken", BOOM, fields("retries_left", "1", "retry_intervals", "[1, "));
        jobs.queued("strange", BOOM, fields("retries_left", "1", "retry_intervals", "[1e300]"));
        work();
        assertThat(jobs.registry("failed:default"))
                .contains("words", "fraction", "infinite", "empty", "broken", "strange");
        assertThat(jobs.due("scheduled:default", "number")).isEqualTo(20);
    }

    @Test
    void jobThatWasCanceledWhileItRanIsNotTriedAgain() throws Exception {
        var gate = Sums.gate("canceled-retry", 1);
        jobs.queued(
                "r",
                "[\"tasks.hold_and_fail\", null, [\"canceled-retry\"], {}]",
                fields("retries_left", "3", "retry_intervals", "[0]"));
        var worker = Worker.on(REDIS.url()).functions(Sums.class).burst(true).build();
        var run = Background.run(worker);
        gate.begun.await();
        jobs.redis().hset("rq:job:r", "status", "canceled");
        gate.open.countDown();
        run.get();
        assertThat(jobs.field("r", "status")).isEqualTo("failed");
        assertThat(jobs.field("r", "retries_left")).isEqualTo("3");
    }

    @Test
    void waitingJobHasItsOwnLifeTimeAgain() throws Exception {
        jobs.queued("r", BOOM, fields("retries_left", "1", "retry_intervals", "[60]", "ttl", "900"));
        work();
        assertThat(jobs.ttl("rq:job:r")).isBetween(890L, 900L);
    }

    @Test
    void repeatedJobIsFinishedAndScheduledAtOnce() throws Exception {
        jobs.queued("rep", ADD, fields("repeats_left", "2", "repeat_intervals", "[0, 30]"));
        work();
        assertThat(jobs.field("rep", "status")).isEqualTo("scheduled");
        assertThat(jobs.field("rep", "repeats_left")).isEqualTo("1");
        assertThat(jobs.field("rep", "repeat_intervals")).isEqualTo("[0, 30]");
        assertThat(jobs.field("rep", "result")).isEqualTo("3");
        assertThat(jobs.due("scheduled:default", "rep")).isEqualTo(30);
        assertThat(jobs.registry("finished:default")).containsExactly("rep");
        assertThat(jobs.resultTypes("rep")).containsExactly("1");
        assertThat(jobs.ttl("rq:results:rep")).isBetween(490L, 500L);
        assertThat(jobs.ttl("rq:job:rep")).isEqualTo(-1);
    }

    @Test
    void repeatedJobRunsAsOftenAsItSaysAndThenExpires() throws Exception {
        jobs.queued("rep", ADD, fields("repeats_left", "3", "repeat_intervals", "[0]"));
        work();
        assertThat(jobs.field("rep", "status")).isEqualTo("finished");
        assertThat(jobs.field("rep", "repeats_left")).isEqualTo("0");
        assertThat(jobs.resultTypes("rep")).containsExactly("1", "1", "1", "1");
        assertThat(jobs.ttl("rq:job:rep")).isBetween(490L, 500L);
        assertThat(jobs.redis().hget("rq:worker:w1", "successful_job_count")).isEqualTo("4");
    }

    @Test
    void intervalsOfRepeatsAreUsedUpFromTheEnd() throws Exception {
        jobs.queued("three", ADD, fields("repeats_left", "3", "repeat_intervals", "[10, 20, 30]"));
        jobs.queued("four", ADD, fields("repeats_left", "4", "repeat_intervals", "[10, 20]"));
        jobs.queued("one", ADD, fields("repeats_left", "1", "repeat_intervals", "[10, 20]"));
        work();
        assertThat(jobs.due("scheduled:default", "three")).isEqualTo(30);
        assertThat(jobs.due("scheduled:default", "four")).isEqualTo(20);
        assertThat(jobs.due("scheduled:default", "one")).isEqualTo(10);
    }

    @Test
    void repeatedJobLivesOnWithoutAResult() throws Exception {
        jobs.queued("rep", ADD, fields("repeats_left", "1", "repeat_intervals", "[50]", "result_ttl", "0"));
        work();
        assertThat(jobs.field("rep", "status")).isEqualTo("scheduled");
        assertThat(jobs.keys()).doesNotContain("rq:results:rep", "rq:finished:default");
    }

    @Test
    void failureEndsASeriesOfRepeats() throws Exception {
        jobs.queued("rep", BOOM, fields("repeats_left", "3", "repeat_intervals", "[0]"));
        work();
        assertThat(jobs.field("rep", "status")).isEqualTo("failed");
        assertThat(jobs.field("rep", "repeats_left")).isEqualTo("3");
    }

    @Test
    void resultsOfAnotherTypeAreReplaced() throws Exception {
        jobs.queued("a", ADD, fields());
        jobs.redis().set("rq:results:a", "rubbish");
        work();
        assertThat(jobs.field("a", "status")).isEqualTo("finished");
        assertThat(jobs.resultTypes("a")).containsExactly("1");
        assertThat(jobs.keys()).doesNotContain("rq:wip:default");
    }

    @Test
    void atMostTenResultsAreKept() throws Exception {
        jobs.queued("rep", ADD, fields("repeats_left", "14", "repeat_intervals", "[0]"));
        work();
        assertThat(jobs.results("rep")).hasSize(10);
    }
}
