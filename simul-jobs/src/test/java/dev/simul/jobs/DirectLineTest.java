package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who enqueues one job after the other from a thread of their own talks to Redis directly, and loses nothing by it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DirectLineTest extends OnRedis {
    private static final Pattern CONNECTION = Pattern.compile("id=(\\d+) .* db=(\\d+) .* cmd=(\\S+) user=(\\S+)");

    /** How Redis sees a connection. */
    record Seen(long id, int database, String command, String user) {}

    @BeforeEach
    void letRedisKnowTheScript() {
        enqueue(jobs);
        enqueue(jobs);
    }

    private static void enqueue(JobClient jobs) {
        jobs.queue("default").enqueue(Sums::add, 1, 2);
    }

    private static List<Seen> connections() {
        return raw.clientList()
                .lines()
                .map(CONNECTION::matcher)
                .filter(found -> found.find())
                .map(found -> new Seen(
                        Long.parseLong(found.group(1)),
                        Integer.parseInt(found.group(2)),
                        found.group(3),
                        found.group(4)))
                .sorted((a, b) -> Long.compare(a.id(), b.id()))
                .toList();
    }

    private static Seen newest() {
        return connections().getLast();
    }

    @Test
    void hasAConnectionOfItsOwnWhichIsOpenedOnce() {
        try (var other = JobClient.connect(redis.url())) {
            var shared = newest();
            assertThat(shared.command()).isNotEqualTo("evalsha");
            enqueue(other);
            var line = newest();
            assertThat(line.id()).isGreaterThan(shared.id());
            assertThat(line.command()).isEqualTo("evalsha");
            enqueue(other);
            assertThat(newest()).isEqualTo(line);
            assertThat(connections()).contains(shared); // and has done nothing since
        }
    }

    @Test
    void isOpenedAnewWhenItWasCut() {
        var line = newest();
        raw.clientKill(KillArgs.Builder.id(line.id()));
        enqueue(jobs); // over the shared one
        enqueue(jobs);
        assertThat(newest().id()).isGreaterThan(line.id());
        assertThat(newest().command()).isEqualTo("evalsha");
        assertThat(raw.llen("rq:queue:default")).isEqualTo(4);
    }

    @Test
    void scriptThatRedisHasForgottenIsSentAgain() {
        raw.scriptFlush();
        enqueue(jobs);
        enqueue(jobs);
        assertThat(raw.llen("rq:queue:default")).isEqualTo(4);
        assertThat(newest().command()).isEqualTo("evalsha");
    }

    @Test
    void refusalReadsTheSameAsElsewhere() {
        var queue = jobs.queue("default").with(o -> o.id("a").unique());
        queue.enqueue(Sums::noop);
        assertThatThrownBy(() -> queue.enqueue(Sums::noop)).isInstanceOf(DuplicateJobException.class);

        raw.configSet("maxmemory", "1");
        try {
            assertThatThrownBy(() -> enqueue(jobs))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("raise its maxmemory");
        } finally {
            raw.configSet("maxmemory", "0");
        }
        enqueue(jobs);
        assertThat(raw.llen("rq:queue:default")).isEqualTo(4);
    }

    @Test
    void virtualThreadsShareTheOtherConnection() throws Exception {
        try (var other = JobClient.connect(redis.url())) {
            var shared = newest();
            Thread.ofVirtual().start(() -> enqueue(other)).join();
            assertThat(newest().id()).isEqualTo(shared.id());
            assertThat(newest().command()).isEqualTo("evalsha");
        }
    }

    @Test
    void severalAtATimeDoNotWaitForEachOther() {
        long before = newest().id();
        var callers = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < 8; i++) {
            callers.add(Background.call(() -> {
                for (int k = 0; k < 50; k++) {
                    enqueue(jobs);
                }
                return true;
            }));
        }
        callers.forEach(CompletableFuture::join);
        assertThat(raw.llen("rq:queue:default")).isEqualTo(402);
        assertThat(newest().id()).isEqualTo(before);
    }

    @Test
    void userPasswordAndDatabaseAreThoseOfTheClient() {
        raw.aclSetuser("ana", user("pass:word/1"));
        try (var ana = JobClient.connect("redis://ana:pass%3Aword%2F1@127.0.0.1:" + redis.port() + "/3")) {
            enqueue(ana);
            assertThat(newest().user()).isEqualTo("ana");
            assertThat(newest().database()).isEqualTo(3);
            assertThat(newest().command()).isEqualTo("evalsha");

            raw.aclSetuser("ana", user("another").resetpass().addPassword("another"));
            raw.clientKill(KillArgs.Builder.id(newest().id()));
            enqueue(ana); // the other connection was let in before
            enqueue(ana);
            assertThat(ana.queue("default").size()).isEqualTo(3);
        } finally {
            raw.aclDeluser("ana");
        }
    }

    private static AclSetuserArgs user(String password) {
        return AclSetuserArgs.Builder.on().addPassword(password).allKeys().allCommands();
    }

    @Test
    void redisThatStandsStillIsNamedAfterOnesPatienceAndNotAfterTwice() throws Exception {
        try (var other = JobClient.connect(JobSettings.of(redis.url()).patience(Duration.ofSeconds(1)))) {
            enqueue(other);
            Signal.STOP.to(redis.pid());
            try {
                assertThatThrownBy(() -> enqueue(other))
                        .isInstanceOf(RedisUnavailableException.class)
                        .hasMessageContaining("has not answered for 1 s")
                        .hasRootCauseMessage("Read timed out");
            } finally {
                Signal.CONT.to(redis.pid());
            }
        }
    }

    @Test
    void clientThatIsClosedLetsNobodyWait() throws Exception {
        var other = JobClient.connect(JobSettings.of(redis.url()).patience(Duration.ofMinutes(10)));
        enqueue(other);
        Signal.STOP.to(redis.pid());
        try {
            var refused = new CompletableFuture<Throwable>();
            var caller = Thread.ofPlatform().start(() -> {
                try {
                    enqueue(other);
                } catch (RuntimeException e) {
                    refused.complete(e);
                }
            });
            while (Arrays.stream(caller.getStackTrace())
                    .noneMatch(at -> at.getMethodName().equals("read"))) {
                Background.breathe();
            }
            other.close();
            assertThat(refused.get(30, SECONDS)).isNotNull();
        } finally {
            Signal.CONT.to(redis.pid());
        }
    }
}
