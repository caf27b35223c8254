package dev.simul.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.WorkerTally;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JobsTestTest {
    static final class Mail {
        private Mail() {}

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

    @Nested
    @JobsTest(functions = Mail.class)
    class OnARedis {
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
        void jobsHaveRunBeforeEnqueueReturns(JobClient client, TestJobs jobs) throws Exception {
            assertThat(client).isSameAs(jobs.client());
            var job = client.queue("default").enqueue(Mail::send, "ann");
            assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
            assertThat(job.await()).isEqualTo("sent to ann");
            assertThat(jobs.runAll()).isEqualTo(new WorkerTally(0, 0));
        }
    }
}
