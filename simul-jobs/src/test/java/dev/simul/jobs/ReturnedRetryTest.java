package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions that return a Retry, which RQ has known since 2.1. */
class ReturnedRetryTest extends OnRedis {
    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() {
        Hooks.SEEN.clear();
        written = new HandWrittenJobs(redis.url());
    }

    @AfterEach
    void tidyUpTest() {
        written.close();
    }

    private static Worker.Builder worker() {
        return Worker.on(redis.url()).functions(Sums.class, Hooks.class).burst(true);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void jobIsTriedAsOftenAsItsRetrySays(Isolation isolation) throws Exception {
        written.queued("rr", "[\"hooks.retry\", null, [2], {}]", Map.of());
        written.deferred("strict", "later", List.of("rr"), Map.of());
        written.deferred("lenient", "later", List.of("rr"), Map.of("allow_dependency_failures", "1"));
        var tally = worker().isolation(isolation).name("w1").build().run();
        assertThat(tally).isEqualTo(new WorkerTally(0, 3));
        assertThat(written.resultTypes("rr")).containsExactly("4", "4", "5");
        assertThat(written.results("rr"))
                .allSatisfy(result -> assertThat(result)
                        .containsEntry("return_value", "IlVuc2VyaWFsaXphYmxlIHJldHVybiB2YWx1ZSI=")
                        .containsKeys("execution_id", "execution_started_at", "execution_ended_at")
                        .doesNotContainKey("exc_string"));
        assertThat(written.field("rr", "status")).isEqualTo("failed");
        assertThat(written.field("rr", "number_of_retries")).isEqualTo("2");
        assertThat(written.registry("failed:default")).containsExactly("rr");
        assertThat(raw.hget("rq:worker:w1", "failed_job_count")).isEqualTo("3");
        assertThat(written.list("later")).containsExactly("lenient");
        assertThat(written.ttl("rq:job:rr")).isGreaterThan(31_000_000);
    }

    @Test
    void pausesAreUsedFromTheFrontAndTheLastOneStays() throws Exception {
        written.queued("one", "[\"hooks.retry_later\", null, [], {}]", Map.of());
        written.queued("three", "[\"hooks.retry_later\", null, [], {}]", Map.of("number_of_retries", "3"));
        worker().build().run();
        assertThat(written.due("scheduled:default", "one")).isEqualTo(30);
        assertThat(written.due("scheduled:default", "three")).isEqualTo(90);
        assertThat(written.field("one", "status")).isEqualTo("scheduled");
        assertThat(written.field("one", "number_of_retries")).isEqualTo("1");
        assertThat(written.field("one", "result")).isEqualTo("Unserializable return value");
        assertThat(written.resultTypes("one")).containsExactly("4");
    }
}
