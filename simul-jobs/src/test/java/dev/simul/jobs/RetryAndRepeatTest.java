package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of jobs with attempts left and of jobs to be repeated, by the fields that RQ keeps for that. */
class RetryAndRepeatTest extends OnRedis {
    private static final String BOOM = "[\"tasks.boom\", null, [\"no luck\"], {}]";
    private static final String ADD = "[\"tasks.add\", null, [1, 2], {}]";

    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() {
        written = new HandWrittenJobs(redis.url());
    }

    @AfterEach
    void tidyUpTest() {
        written.close();
    }

    private void work() throws InterruptedException {
        Worker.on(redis.url())
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
        written.queued("r", BOOM, fields("retries_left", "2", "retry_intervals", "[7, 90]"));
        work();
        assertThat(written.field("r", "status")).isEqualTo("scheduled");
        assertThat(written.field("r", "retries_left")).isEqualTo("1");
        assertThat(written.field("r", "ended_at")).isNotEmpty();
        assertThat(written.due("scheduled:default", "r")).isEqualTo(10);
        assertThat(written.keys()).doesNotContain("rq:results:r", "rq:failed:default", "rq:wip:default");
        assertThat(raw.hget("rq:worker:w1", "failed_job_count")).isEqualTo("1");
    }

    @Test
    void intervalsAreCountedFromTheEndOfTheList() throws Exception {
        written.queued("tail", BOOM, fields("retries_left", "1", "retry_intervals", "[10, 20, 30]"));
        written.queued("head", BOOM, fields("retries_left", "5", "retry_intervals", "[10, 20]"));
        work();
        assertThat(written.due("scheduled:default", "tail")).isEqualTo(30);
        assertThat(written.due("scheduled:default", "head")).isEqualTo(10);
    }

    @Test
    void retryWithoutAnIntervalRunsAgainUntilNoneIsLeft() throws Exception {
        written.queued("r", BOOM, fields("retries_left", "2", "retry_intervals", "[0]"));
        work();
        assertThat(written.field("r", "status")).isEqualTo("failed");
        assertThat(written.field("r", "retries_left")).isEqualTo("0");
        assertThat(written.registry("failed:default")).containsExactly("r");
        assertThat(written.resultTypes("r")).containsExactly("2");
        assertThat(raw.hget("rq:worker:w1", "failed_job_count")).isEqualTo("3");
    }

    @Test
    void jobThatAnotherWorkerMayOfferIsTriedAgain() throws Exception {
        var retries = fields("retries_left", "1", "retry_intervals", "[60]");
        written.queued("unknown", "[\"no.such.function\", null, [], {}]", retries);
        written.queued("unreadable", "[7]", retries);
        work();
        assertThat(written.registry("scheduled:default")).containsExactly("unknown");
        assertThat(written.registry("failed:default")).containsExactly("unreadable");
    }

    @Test
    void workerKeepsResultsAsLongAsItWasToldUnlessTheJobSaysIt() throws Exception {
        written.queued("a", ADD, fields());
        written.queued("b", ADD, fields("result_ttl", "60"));
        written.queued("c", BOOM, fields());
        Worker.on(redis.url())
                .functions(Sums.class)
                .resultTtl(JobOptions.FOREVER)
                .failureTtl(Duration.ofHours(1))
                .burst(true)
                .build()
                .run();
        assertThat(written.ttl("rq:job:a")).isEqualTo(-1);
        assertThat(written.ttl("rq:job:b")).isBetween(50L, 60L);
        assertThat(written.ttl("rq:job:c")).isBetween(3590L, 3600L);
        assertThat(written.ttl("rq:results:c")).isBetween(3590L, 3600L);
    }

    @Test
    void whereAllWorkersAreRq3RepeatsUseTheListUpFromTheFront() throws Exception {
        written.queued("three", ADD, fields("repeats_left", "3", "repeat_intervals", "[10, 20, 30]"));
        written.queued("one", ADD, fields("repeats_left", "2", "repeat_intervals", "[40]"));
        Worker.on(JobSettings.of(redis.url()).allWorkersAreRq3())
                .functions(Sums.class)
                .burst(true)
                .build()
                .run();
        assertThat(written.due("scheduled:default", "three")).isEqualTo(10);
        assertThat(written.field("three", "repeat_intervals")).isEqualTo("[20, 30]");
        assertThat(written.due("scheduled:default", "one")).isEqualTo(40);
        assertThat(written.field("one", "repeat_intervals")).isEqualTo("[40]");
    }

    @Test
    void damagedRetryFieldsNeverHoldUpTheJob() throws Exception {
        written.queued("words", BOOM, fields("retries_left", "many", "retry_intervals", "[0]"));
        written.queued("fraction", BOOM, fields("retries_left", "1.5", "retry_intervals", "[0]"));
        written.queued("infinite", BOOM, fields("retries_left", "inf", "retry_intervals", "[0]"));
        written.queued("number", BOOM, fields("retries_left", "1", "retry_intervals", "15"));
        written.queued("empty", BOOM, fields("retries_left", "1", "retry_intervals", "[]"));
        written.queued("broken", BOOM, fields("retries_left", "1", "retry_intervals", "[1, "));
        written.queued("strange", BOOM, fields("retries_left", "1", "retry_intervals", "[1e300]"));
        work();
        assertThat(written.registry("failed:default"))
                .contains("words", "fraction", "infinite", "empty", "broken", "strange");
        assertThat(written.due("scheduled:default", "number")).isEqualTo(20);
    }

    @Test
    void jobThatWasCanceledWhileItRanIsNotTriedAgain() throws Exception {
        var gate = Sums.gate("canceled-retry", 1);
        written.queued(
                "r",
                "[\"tasks.hold_and_fail\", null, [\"canceled-retry\"], {}]",
                fields("retries_left", "3", "retry_intervals", "[0]"));
        var worker = Worker.on(redis.url()).functions(Sums.class).burst(true).build();
        var run = Background.run(worker);
        gate.begun.await();
        raw.hset("rq:job:r", "status", "canceled");
        gate.open.countDown();
        run.get();
        assertThat(written.field("r", "status")).isEqualTo("failed");
        assertThat(written.field("r", "retries_left")).isEqualTo("3");
    }

    @Test
    void waitingJobHasItsOwnLifeTimeAgain() throws Exception {
        written.queued("r", BOOM, fields("retries_left", "1", "retry_intervals", "[60]", "ttl", "900"));
        work();
        assertThat(written.ttl("rq:job:r")).isBetween(890L, 900L);
    }

    @Test
    void repeatedJobIsFinishedAndScheduledAtOnce() throws Exception {
        written.queued("rep", ADD, fields("repeats_left", "2", "repeat_intervals", "[0, 30]"));
        work();
        assertThat(written.field("rep", "status")).isEqualTo("scheduled");
        assertThat(written.field("rep", "repeats_left")).isEqualTo("1");
        assertThat(written.field("rep", "repeat_intervals")).isEqualTo("[0, 30]");
        assertThat(written.field("rep", "result")).isEqualTo("3");
        assertThat(written.due("scheduled:default", "rep")).isEqualTo(30);
        assertThat(written.registry("finished:default")).containsExactly("rep");
        assertThat(written.resultTypes("rep")).containsExactly("1");
        assertThat(written.ttl("rq:results:rep")).isBetween(490L, 500L);
        assertThat(written.ttl("rq:job:rep")).isEqualTo(-1);
    }

    @Test
    void repeatedJobRunsAsOftenAsItSaysAndThenExpires() throws Exception {
        written.queued("rep", ADD, fields("repeats_left", "3", "repeat_intervals", "[0]"));
        work();
        assertThat(written.field("rep", "status")).isEqualTo("finished");
        assertThat(written.field("rep", "repeats_left")).isEqualTo("0");
        assertThat(written.resultTypes("rep")).containsExactly("1", "1", "1", "1");
        assertThat(written.ttl("rq:job:rep")).isBetween(490L, 500L);
        assertThat(raw.hget("rq:worker:w1", "successful_job_count")).isEqualTo("4");
    }

    @Test
    void intervalsOfRepeatsAreUsedUpFromTheEnd() throws Exception {
        written.queued("three", ADD, fields("repeats_left", "3", "repeat_intervals", "[10, 20, 30]"));
        written.queued("four", ADD, fields("repeats_left", "4", "repeat_intervals", "[10, 20]"));
        written.queued("one", ADD, fields("repeats_left", "1", "repeat_intervals", "[10, 20]"));
        work();
        assertThat(written.due("scheduled:default", "three")).isEqualTo(30);
        assertThat(written.due("scheduled:default", "four")).isEqualTo(20);
        assertThat(written.due("scheduled:default", "one")).isEqualTo(10);
    }

    @Test
    void repeatedJobLivesOnWithoutAResult() throws Exception {
        written.queued("rep", ADD, fields("repeats_left", "1", "repeat_intervals", "[50]", "result_ttl", "0"));
        work();
        assertThat(written.field("rep", "status")).isEqualTo("scheduled");
        assertThat(written.keys()).doesNotContain("rq:results:rep", "rq:finished:default");
    }

    @Test
    void failureEndsASeriesOfRepeats() throws Exception {
        written.queued("rep", BOOM, fields("repeats_left", "3", "repeat_intervals", "[0]"));
        work();
        assertThat(written.field("rep", "status")).isEqualTo("failed");
        assertThat(written.field("rep", "repeats_left")).isEqualTo("3");
    }

    @Test
    void resultsOfAnotherTypeAreReplaced() throws Exception {
        written.queued("a", ADD, fields());
        raw.set("rq:results:a", "rubbish");
        work();
        assertThat(written.field("a", "status")).isEqualTo("finished");
        assertThat(written.resultTypes("a")).containsExactly("1");
        assertThat(written.keys()).doesNotContain("rq:wip:default");
    }

    @Test
    void atMostTenResultsAreKept() throws Exception {
        written.queued("rep", ADD, fields("repeats_left", "14", "repeat_intervals", "[0]"));
        work();
        assertThat(written.results("rep")).hasSize(10);
    }
}
