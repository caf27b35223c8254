package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions that return a Retry, which RQ has known since 2.1. */
class ReturnedRetryTest {
    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

    private HandWrittenJobs jobs;

    @BeforeEach
    void connect() {
        RedisDump.flush(REDIS.url());
        Hooks.SEEN.clear();
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

    private static Worker.Builder worker() {
        return Worker.on(REDIS.url()).functions(Sums.class, Hooks.class).burst(true);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void jobIsTriedAsOftenAsItsRetrySays(Isolation isolation) throws Exception {
        jobs.queued("rr", "[\"hooks.retry\", null, [2], {}]", Map.of());
        jobs.deferred("strict", "later", List.of("rr"), Map.of());
        jobs.deferred("lenient", "later", List.of("rr"), Map.of("allow_dependency_failures", "1"));
        var tally = worker().isolation(isolation).name("w1").build().run();
        assertThat(tally).isEqualTo(new WorkerTally(0, 3));
        assertThat(jobs.resultTypes("rr")).containsExactly("4", "4", "5");
        assertThat(jobs.results("rr"))
                .allSatisfy(result -> assertThat(result)
                        .containsEntry("return_value", "IlVuc2VyaWFsaXphYmxlIHJldHVybiB2YWx1ZSI=")
                        .containsKeys("execution_id", "execution_started_at", "execution_ended_at")
                        .doesNotContainKey("exc_string"));
        assertThat(jobs.field("rr", "status")).isEqualTo("failed");
        assertThat(jobs.field("rr", "number_of_retries")).isEqualTo("2");
        assertThat(jobs.registry("failed:default")).containsExactly("rr");
        assertThat(jobs.redis().hget("rq:worker:w1", "failed_job_count")).isEqualTo("3");
        assertThat(jobs.list("later")).containsExactly("lenient");
        assertThat(jobs.ttl("rq:job:rr")).isGreaterThan(31_000_000);
    }

    @Test
    void pausesAreUsedFromTheFrontAndTheLastOneStays() throws Exception {
        jobs.queued("one", "[\"hooks.retry_later\", null, [], {}]", Map.of());
        jobs.queued("three", "[\"hooks.retry_later\", null, [], {}]", Map.of("number_of_retries", "3"));
        worker().build().run();
        assertThat(jobs.due("scheduled:default", "one")).isEqualTo(30);
        assertThat(jobs.due("scheduled:default", "three")).isEqualTo(90);
        assertThat(jobs.field("one", "status")).isEqualTo("scheduled");
        assertThat(jobs.field("one", "number_of_retries")).isEqualTo("1");
        assertThat(jobs.field("one", "result")).isEqualTo("Unserializable return value");
        assertThat(jobs.resultTypes("one")).containsExactly("4");
    }
}
