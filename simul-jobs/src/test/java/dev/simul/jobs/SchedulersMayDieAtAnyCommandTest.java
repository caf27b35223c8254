package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.CommandCutter.Ending;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A scheduler loses its Redis for good at each command, or does not hear of it for long; another one goes on.
 *
 * <p>To Redis, the first is the same as a scheduler's death and the second the same as its standing still, and outside
 * Redis a scheduler does nothing. So it need not be a process that is killed or stopped.
 */
class SchedulersMayDieAtAnyCommandTest extends OnRedis {
    private static final Duration LITTLE_PATIENCE = Duration.ofMillis(300);

    private interface Scheduling {
        void on(JobSettings settings) throws InterruptedException;
    }

    /** Returns whether it has died. */
    private boolean die(KillPoint point, Scheduling scheduling) throws Exception {
        try (var cutter =
                new CommandCutter(redis, point.command(), point.side(), CommandCutter.COUNTS, Ending.FOR_GOOD)) {
            try {
                scheduling.on(JobSettings.of(cutter.url()).patience(LITTLE_PATIENCE));
            } catch (RedisUnavailableException e) {
                // it cannot say good-bye either
            }
            return cutter.last() != null;
        }
    }

    /** Lets another one do all there is to do in the middle of it; returns whether it came so far. */
    private boolean pause(KillPoint point, Scheduling scheduling) throws Exception {
        try (var cutter = new CommandCutter(redis, point.command(), point.side(), CommandCutter.COUNTS, Ending.PAUSE)) {
            cutter.atTheEnd(() -> Background.call(() -> {
                        takeForDead();
                        scheduling.on(JobSettings.of(redis.url()));
                        return null;
                    })
                    .join());
            scheduling.on(JobSettings.of(cutter.url()));
            return cutter.last() != null;
        }
    }

    private static void takeForDead() {
        raw.keys("rq:scheduler:*").forEach(key -> raw.hset(key, "x_beat", "1")); // it has been silent for long
    }

    private static void schedule(JobSettings settings) throws InterruptedException {
        Scheduler.on(settings).queues("default", "other").burst(true).build().run();
    }

    @Test
    void everyDueJobIsQueuedOnce() throws Exception {
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            sixJobsAreDue();
            boolean died = die(point, SchedulersMayDieAtAnyCommandTest::schedule);
            takeForDead();
            schedule(JobSettings.of(redis.url()));
            eachIsQueuedOnce(point);
            return died;
        }));
        assertThat(commands).isPositive();
    }

    @Test
    void schedulerThatWasTakenForDeadQueuesNothingTwice() throws Exception {
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            sixJobsAreDue();
            boolean paused = pause(point, SchedulersMayDieAtAnyCommandTest::schedule);
            eachIsQueuedOnce(point);
            assertThat(raw.keys("rq:scheduler*")).as("%s", point).isEmpty();
            return paused;
        }));
        assertThat(commands).isPositive();
    }

    private void sixJobsAreDue() {
        raw.flushall();
        for (var queue : List.of("default", "other")) {
            jobs.queue(queue)
                    .at(Instant.EPOCH.plusSeconds(1))
                    .enqueueMany(IntStream.range(0, 3)
                            .mapToObj(i -> JobRequest.of(Sums::noop).with(o -> o.id(queue + i)))
                            .toList());
            jobs.queue(queue).in(Duration.ofHours(1)).enqueue(Sums::noop);
        }
    }

    private static void eachIsQueuedOnce(KillPoint point) {
        for (var queue : List.of("default", "other")) {
            assertThat(raw.lrange("rq:queue:" + queue, 0, -1))
                    .as("%s", point)
                    .containsExactly(queue + 0, queue + 1, queue + 2);
            assertThat(raw.zcard("rq:scheduled:" + queue)).isEqualTo(1);
        }
    }

    private static final CronJob HOURLY =
            CronJob.every(Duration.ofHours(1), JobRequest.of(Sums::noop)).name("hourly");
    private static final CronJob MONTHLY = CronJob.cron("0 0 1 * *", JobRequest.of(Sums::noop))
            .name("monthly")
            .queue("other")
            .catchUp(true);

    /** One round: it is told to stop before it begins. */
    private static void tick(JobSettings settings) throws InterruptedException {
        var scheduler = CronScheduler.on(settings).jobs(HOURLY, MONTHLY).build();
        scheduler.stop();
        scheduler.run();
    }

    @Test
    void everyCronTimeIsEnqueuedAndNotedOnce() throws Exception {
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            monthlyIsOverdue();
            boolean died = die(point, SchedulersMayDieAtAnyCommandTest::tick);
            tick(JobSettings.of(redis.url()));
            eachTimeIsEnqueuedAndNotedOnce(point);
            return died;
        }));
        assertThat(commands).isGreaterThanOrEqualTo(6);
    }

    @Test
    void cronSchedulerThatWasTakenForDeadEnqueuesAndNotesNothingTwice() throws Exception {
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            monthlyIsOverdue();
            boolean paused = pause(point, SchedulersMayDieAtAnyCommandTest::tick);
            eachTimeIsEnqueuedAndNotedOnce(point);
            return paused;
        }));
        assertThat(commands).isGreaterThanOrEqualTo(6);
    }

    private static void monthlyIsOverdue() {
        raw.flushall();
        raw.zadd("rq:cron_jobs", Instant.now().getEpochSecond() - 86_400.0 * 40, "monthly");
    }

    private static void eachTimeIsEnqueuedAndNotedOnce(KillPoint point) {
        for (var queue : List.of("default", "other")) {
            var ids = raw.lrange("rq:queue:" + queue, 0, -1);
            assertThat(ids).as("%s", point).hasSize(1);
            var name = queue.equals("default") ? "hourly" : "monthly";
            assertThat(raw.zrange("rq:cron_job:" + name + ":jobs", 0, -1))
                    .as("%s", point)
                    .isEqualTo(ids);
        }
    }

    @Test
    void cronTimeThatNobodyCouldNoteStaysTakenUntilTheNextOne() throws Exception {
        raw.zadd("rq:cron_jobs", Instant.now().getEpochSecond() - 86_400.0 * 40, "monthly");
        tick(JobSettings.of(redis.url()));
        var nextMonth = Instant.now()
                .atZone(ZoneOffset.UTC)
                .plusMonths(1)
                .withDayOfMonth(1)
                .truncatedTo(ChronoUnit.DAYS)
                .toInstant();
        var lock = raw.keys("simul:rq:unique:other:*").getFirst();
        assertThat(Instant.now().plusMillis(raw.pttl(lock))).isAfter(nextMonth);
    }
}
