package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealTest extends OnRedis {
    private static final String SECRET = "a secret of some length";
    private static final Seal SIGNING = Seal.signing("k1", SECRET);
    private static final Seal ENCRYPTING = Seal.encrypting("k1", SECRET);

    private RedisCommands<String, byte[]> keys;

    @BeforeEach
    void prepareTest() {
        keys = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
    }

    private JobSettings with(Seal seal) {
        return JobSettings.of(redis.url()).seal(seal);
    }

    private void work(JobSettings settings) throws InterruptedException {
        Worker.on(settings).functions(Sums.class).burst(true).build().run();
    }

    private String failure(Job<?> job) throws Exception {
        try {
            return "returned " + job.await();
        } catch (JobFailedException e) {
            return e.traceback();
        }
    }

    @Test
    void signedJobIsReadableByAllAndRunsWhereSealsAreRequired() throws Exception {
        try (var jobs = JobClient.connect(with(SIGNING))) {
            var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
            var other = jobs.queue("default").enqueue(Sums::add, 20, 3);
            assertThat(job.info().orElseThrow().arguments()).isEqualTo(List.of(2, 3));
            assertThat(keys.hget("rq:job:" + job.id(), "x_sig")).startsWith("k1:".getBytes(UTF_8));
            Worker.on(redis.url()).functions(Sums.class).maxJobs(1).build().run(); // knows nothing of seals
            work(with(SIGNING.required()));
            assertThat(job.await()).isEqualTo(5);
            assertThat(other.await()).isEqualTo(23);
        }
    }

    @Test
    void changedDataForeignSignaturesAndUnsignedJobsFailWithTheReasonAndStayAsTheyAre() throws Exception {
        try (var jobs = JobClient.connect(with(SIGNING));
                var unsigned = JobClient.connect(redis.url())) {
            var queue = jobs.queue("default");
            var changed = queue.enqueue(Sums::add, 2, 3);
            var swapped = queue.enqueue(Sums::add, 2, 4);
            var bare = unsigned.queue("default").enqueue(Sums::add, 2, 5);
            var unknown = JobClient.connect(with(Seal.signing("k9", SECRET)))
                    .queue("default")
                    .enqueue(Sums::add, 2, 6);
            var data = keys.hget("rq:job:" + swapped.id(), "data");
            keys.hset("rq:job:" + changed.id(), "data", data);
            keys.hset("rq:job:" + changed.id(), "x_sig", keys.hget("rq:job:" + swapped.id(), "x_sig"));
            keys.hset("rq:job:" + swapped.id(), "x_sig", "k1:rubbish".getBytes(UTF_8));
            work(with(SIGNING.required()));
            assertThat(failure(changed))
                    .contains("Job's signature does not fit: its data was changed after it was signed");
            assertThat(failure(swapped)).contains("Job's signature does not fit");
            assertThat(failure(bare)).contains("Job is not sealed, and this worker runs sealed jobs only");
            assertThat(failure(unknown)).contains("Job is sealed with the key 'k9', which is not known here (k1 are)");
            assertThat(keys.hget("rq:job:" + changed.id(), "data")).isEqualTo(data);
        }
    }

    @Test
    void tracebackOfAnEncryptedCallThatDoesNotFitKeepsItsArgumentsToItself() throws Exception {
        try (var jobs = JobClient.connect(with(ENCRYPTING))) {
            var queue = jobs.queue("default");
            var tooMany = queue.enqueue("tasks.add", Integer.class, 1, 2, "classified");
            var wrong = queue.enqueue("tasks.add", Integer.class, 1, "classified");
            work(with(ENCRYPTING));
            assertThat(failure(tooMany))
                    .contains("tasks.add(int a, int b) was called with 3 arguments, and takes 2: (...,");
            assertThat(failure(wrong)).contains("was called with ... for b: it does not fit the type");
            assertThat(failure(tooMany) + failure(wrong)).doesNotContain("classified");
        }
    }

    @ParameterizedTest
    @EnumSource(Serializer.class)
    void encryptedJobShowsNothingInRedisAndItsResultReachesWhoeverHasTheKey(Serializer serializer) throws Exception {
        try (var jobs = JobClient.connect(with(ENCRYPTING).serializer(serializer));
                var blind = JobClient.connect(redis.url())) {
            var job = jobs.queue("default").enqueue(Sums::echo, "classified");
            assertThat(dump()).doesNotContain("classified");
            assertThat(job.info().orElseThrow().description()).contains("tasks.echo(...)");
            work(with(ENCRYPTING.required()));
            assertThat(dump()).doesNotContain("classified");
            assertThat(job.await()).isEqualTo("classified");
            assertThat(blind.job(job.id(), String.class).orElseThrow().await()).startsWith("simul-sealed:");
        }
    }

    @Test
    void encryptedJobFailsUntouchedWhereTheKeyIsMissingOrTheDataWasChanged() throws Exception {
        try (var jobs = JobClient.connect(with(ENCRYPTING))) {
            var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
            var data = keys.hget("rq:job:" + job.id(), "data");
            work(JobSettings.of(redis.url()));
            assertThat(failure(job)).contains("Job data is encrypted with the key 'k1'; give the key to this program");
            assertThat(keys.hget("rq:job:" + job.id(), "data")).isEqualTo(data);

            var changed = jobs.queue("default").enqueue(Sums::add, 2, 3);
            var bytes = keys.hget("rq:job:" + changed.id(), "data");
            bytes[bytes.length - 1] ^= 1;
            keys.hset("rq:job:" + changed.id(), "data", bytes);
            var moved = jobs.queue("default").enqueue(Sums::add, 2, 4);
            keys.hset("rq:job:" + moved.id(), "data", data); // sealed for another id
            work(with(ENCRYPTING));
            assertThat(failure(changed)).contains("Job data cannot be decrypted");
            assertThat(failure(moved)).contains("Job data cannot be decrypted");
        }
    }

    @Test
    void encryptedJobRunsInAChildJvmToo() throws Exception {
        var settings = with(ENCRYPTING).middleware(TraceContext.middleware());
        try (var jobs = JobClient.connect(settings)) {
            var job = jobs.queue("default").enqueue(Sums::echo, "classified");
            Worker.on(settings)
                    .functions(Sums.class)
                    .isolation(Isolation.PROCESS)
                    .burst(true)
                    .build()
                    .run();
            assertThat(job.await()).isEqualTo("classified");
            assertThat(dump()).doesNotContain("classified");
        }
    }

    @Test
    void keysCanBeChangedWhileJobsWait() throws Exception {
        var next = Seal.encrypting("k2", "another secret of some length")
                .alsoReads("k1", SECRET)
                .required();
        try (var before = JobClient.connect(with(ENCRYPTING));
                var after = JobClient.connect(with(next))) {
            var old = before.queue("default").enqueue(Sums::add, 2, 3);
            var signed = JobClient.connect(with(SIGNING)).queue("default").enqueue(Sums::add, 2, 4);
            var young = after.queue("default").enqueue(Sums::add, 2, 5);
            work(with(next));
            assertThat(signed.await()).isEqualTo(6);
            assertThat(young.await()).isEqualTo(7);
            assertThat(after.job(old.id(), Integer.class).orElseThrow().await()).isEqualTo(5);
        }
    }

    @Test
    void jobsOfACronSchedulerAreSealedAndItDoesNotShowTheirArguments() throws Exception {
        for (var seal : List.of(SIGNING, ENCRYPTING)) {
            var scheduler = CronScheduler.on(with(seal))
                    .name("sealed")
                    .jobs(CronJob.every(Duration.ofHours(1), JobRequest.of(Sums::echo, "classified")))
                    .build();
            var run = Background.call(scheduler::run);
            while (keys.zcard("rq:cron_jobs") == 0) {
                Background.breathe();
            }
            scheduler.stop();
            assertThat(run.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            var id = new String(keys.lindex("rq:queue:default", 0), UTF_8);
            var shown = new String(keys.hget("rq:cron_scheduler:sealed", "cron_jobs"), UTF_8);
            if (seal == SIGNING) {
                assertThat(keys.hget("rq:job:" + id, "x_sig")).startsWith("k1:".getBytes(UTF_8));
                assertThat(shown).contains("classified");
            } else {
                assertThat(dump()).doesNotContain("classified");
            }
            work(with(seal.required()));
            try (var jobs = JobClient.connect(with(seal))) {
                assertThat(jobs.job(id, String.class).orElseThrow().await()).isEqualTo("classified");
            }
            keys.flushall();
        }
    }

    @Test
    void secretsAreNeverShownAndShortOnesAreRefusedWithoutBeingShown() {
        assertThat(SIGNING.toString() + with(ENCRYPTING)).doesNotContain(SECRET);
        assertThatThrownBy(() -> Seal.signing("k1", "hunter2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the secret of key k1 must have at least 16 bytes, had 7");
        assertThatThrownBy(() -> Seal.signing("k:1", SECRET)).hasMessageContaining("a key's name consists of");
    }

    private String dump() {
        var text = new StringBuilder();
        for (var key : keys.keys("*")) {
            text.append(key)
                    .append(
                            switch (keys.type(key)) {
                                case "hash" -> hash(key);
                                case "stream" ->
                                    keys.xrange(key, Range.unbounded()).stream()
                                            .map(entry ->
                                                    decoded(entry.getBody().get("return_value")))
                                            .toList();
                                default -> "";
                            });
        }
        return text.toString();
    }

    private String hash(String key) {
        var text = new StringBuilder();
        keys.hgetall(key).forEach((name, value) -> {
            var plain = Zlib.inflate(value, 1 << 20);
            text.append(new String(plain == null ? value : plain, StandardCharsets.ISO_8859_1));
        });
        return text.toString();
    }

    private static String decoded(byte @Nullable [] base64) {
        return base64 == null ? "" : new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    }
}
