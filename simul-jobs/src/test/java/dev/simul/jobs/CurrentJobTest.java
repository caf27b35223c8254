package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a running job sees of itself and may change. */
class CurrentJobTest extends OnRedis {
    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() {
        written = new HandWrittenJobs(redis.url());
    }

    @AfterEach
    void tidyUpTest() {
        written.close();
    }

    private static Worker.Builder worker() {
        return Worker.on(redis.url())
                .functions(Sums.class, Hooks.class)
                .name("w1")
                .burst(true);
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void jobKnowsItselfAndSavesItsMeta(Isolation isolation) throws Exception {
        var job = jobs.queue("default")
                .with(o -> o.id("me").meta(Map.of("user", "ana")).retry(Retry.of(3)))
                .enqueue(Hooks::self);
        worker().isolation(isolation).build().run();
        assertThat(job.await())
                .isEqualTo(Map.of(
                        "id",
                        "me",
                        "queue",
                        "default",
                        "worker",
                        "w1",
                        "status",
                        "STARTED",
                        "retries",
                        3,
                        "execution",
                        32));
        assertThat(written.field("me", "meta")).isEqualTo("{\"user\": \"ana\", \"seen\": true}");
    }

    @Test
    void metaSavedByAJobSurvivesItsFailure() throws Exception {
        jobs.queue("default").with(o -> o.id("m")).enqueue(Hooks::failWithMeta);
        worker().build().run();
        assertThat(written.field("m", "status")).isEqualTo("failed");
        assertThat(written.field("m", "meta")).isEqualTo("{\"step\": 2}");
    }

    @Test
    void metaOfAJobThatWasDeletedMeanwhileIsNotWritten() throws Exception {
        var gate = Sums.gate("late", 1);
        jobs.queue("default").with(o -> o.id("gone")).enqueue(Hooks::saveLate, "late");
        var run = Background.run(worker().build());
        gate.begun.await();
        raw.del("rq:job:gone");
        gate.open.countDown();
        run.get();
        assertThat(written.keys()).doesNotContain("rq:job:gone");
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void lastProgressBeforeTheEndIsKept(Isolation isolation) throws Exception {
        jobs.queue("default").with(o -> o.id("p")).enqueue(Hooks::progress, 1000);
        worker().isolation(isolation).build().run();
        assertThat(written.field("p", "meta")).contains("\"done\": 1000").contains("\"percent\": 100");
    }

    @Test
    void progressCostsFewWrites() throws Exception {
        jobs.queue("default").enqueue(Hooks::progress, 10);
        worker().build().run(); // Redis knows the scripts now
        raw.configResetstat();
        jobs.queue("default").enqueue(Hooks::progress, 10_000);
        worker().build().run();
        assertThat(raw.info("commandstats")).containsPattern("cmdstat_evalsha:calls=\\d{1,2},");
    }

    @Test
    void progressThatMakesNoSenseIsRefused() throws Exception {
        var job = jobs.queue("default").enqueue(Hooks::progress, 0);
        worker().build().run();
        assertThatThrownBy(job::await)
                .hasMessageContaining("progress needs 0 <= done <= total and a total of at least 1, was 0 of 0");
    }

    @Test
    void metaThatCannotBeExpressedIsRefusedAndDoesNotHarmTheJob() throws Exception {
        var job = jobs.queue("default").with(o -> o.id("s")).enqueue(Hooks::strangeMeta);
        worker().build().run();
        assertThat(job.await()).startsWith("the meta of job s cannot be kept");
        assertThat(written.keys()).doesNotContain("rq:wip:default");
    }

    @Test
    void jobEnqueuesMoreJobs() throws Exception {
        var job = jobs.queue("default").enqueue(Hooks::more);
        worker().build().run();
        assertThat(written.list("more")).containsExactly(job.await());
    }

    @Test
    void outsideAJobThereIsNoCurrentJob() {
        assertThat(CurrentJob.find()).isEmpty();
        assertThatThrownBy(CurrentJob::get)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no job is running here");
    }
}
