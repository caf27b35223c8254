package dev.simul.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.Repeat;
import dev.simul.jobs.Retry;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.WorkerTally;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JobsTestTest {
    static final class Mail {
        private static final List<String> LOG = new CopyOnWriteArrayList<>();

        private Mail() {}

        @SimulJob("mail.note")
        static void note(String what) {
            LOG.add(what);
        }

        @SimulJob("mail.refused")
        static void refused(String what) {
            note("no " + what);
            throw new IllegalStateException(what);
        }

        @SimulJob("mail.send")
        static String send(String to) {
            return "sent to " + to;
        }

        @SimulJob("mail.all")
        static int all(int count) {
            var queue = CurrentJob.get().client().queue("mail");
            for (int i = 0; i < count; i++) {
                queue.enqueue(Mail::send, "user " + i);
            }
            return count;
        }
    }

    /** A reminder after an hour and two more a day apart, then one that fails and is tried again after ten minutes. */
    private static void timePasses(TestJobs jobs) throws Exception {
        var queue = jobs.queue();
        Mail.LOG.clear();
        queue.with(o -> o.in(Duration.ofHours(1)).repeat(Repeat.of(2, Duration.ofDays(1))))
                .enqueue(Mail::note, "reminder");
        queue.with(o -> o.retry(Retry.of(2, Duration.ofMinutes(10)))).enqueue(Mail::refused, "bill");
        jobs.runAll();
        assertThat(Mail.LOG).containsExactly("no bill");
        assertThat(jobs.runDue(Duration.ofMinutes(15))).isEqualTo(new WorkerTally(0, 1));
        assertThat(jobs.runDue(Duration.ofMinutes(15))).isEqualTo(new WorkerTally(0, 1));
        assertThat(jobs.runDue(Duration.ofMinutes(29))).isEqualTo(new WorkerTally(0, 0));
        assertThat(jobs.runDue(Duration.ofMinutes(2))).isEqualTo(new WorkerTally(1, 0));
        assertThat(jobs.runDue(Duration.ofDays(9))).isEqualTo(new WorkerTally(2, 0));
        assertThat(Mail.LOG).containsExactly("no bill", "no bill", "no bill", "reminder", "reminder", "reminder");
    }

    @Nested
    @JobsTest(functions = Mail.class)
    class OnARedis {
        @Test
        void timePassesWhenTheTestSaysSo(TestJobs jobs) throws Exception {
            timePasses(jobs);
        }

        @Test
        void jobsWaitUntilTheyAreToRun(TestJobs jobs) throws Exception {
            var job = jobs.queue().enqueue(Mail::send, "ann");
            assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
            assertThat(jobs.runAll()).isEqualTo(new WorkerTally(1, 0));
            assertThat(job.await()).isEqualTo("sent to ann");
        }

        @Test
        void everyTestHasQueuesOfItsOwnAndJobsThatJobsEnqueueRunToo(TestJobs jobs, JobQueue queue) throws Exception {
            assertThat(queue.size()).isZero();
            queue.enqueue(Mail::all, 3);
            assertThat(jobs.runAll()).isEqualTo(new WorkerTally(4, 0));
        }
    }

    @Nested
    @JobsTest(functions = Mail.class, mode = JobsTest.Mode.INLINE)
    class Inline {
        @Test
        void timePassesWhenTheTestSaysSo(TestJobs jobs) throws Exception {
            timePasses(jobs);
        }

        @Test
        void thereAreNoSettingsToConnectWith(TestJobs jobs) {
            assertThatThrownBy(jobs::settings)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("BURST");
        }

        @Test
        void jobsHaveRunBeforeEnqueueReturns(JobClient client, TestJobs jobs) throws Exception {
            assertThat(client).isSameAs(jobs.client());
            var job = client.queue("default").enqueue(Mail::send, "ann");
            assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
            assertThat(job.await()).isEqualTo("sent to ann");
            assertThat(jobs.runAll()).isEqualTo(new WorkerTally(0, 0));
        }
    }
}
