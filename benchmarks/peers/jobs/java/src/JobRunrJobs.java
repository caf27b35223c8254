import static org.jobrunr.server.BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration;

import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.storage.sql.h2.H2StorageProvider;

/** JobRunr as a contestant; it looks for new jobs every 5 seconds, which is the least it allows. */
public final class JobRunrJobs extends Peer {
    public static final class Functions {
        public void run(String kind, int number, String text) {
            Peer.run(kind, number, text);
        }

        public void latency(long enqueued) {
            Peer.latency(enqueued);
        }
    }

    @Override
    void begin() throws Exception {
        JobRunr.configure().useStorageProvider(new H2StorageProvider(Database.serve())).initialize();
    }

    @Override
    void work(int concurrency, int queues) throws Exception {
        JobRunr.configure()
                .useStorageProvider(new H2StorageProvider(Database.connect()))
                .useBackgroundJobServer(usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(concurrency)
                        .andPollIntervalInSeconds(5))
                .initialize();
        Thread.sleep(Long.MAX_VALUE);
    }

    @Override
    void one(String kind, int number, String text, String queue) {
        BackgroundJob.<Functions>enqueue(functions -> functions.run(kind, number, text));
    }

    @Override
    void batch(String kind, int from, int to, String text, String queue) {
        BackgroundJob.<Functions, Integer>enqueue(
                IntStream.range(from, to).boxed(), (functions, number) -> functions.run(kind, number, text));
    }

    @Override
    void latencyJob(long moment) {
        BackgroundJob.<Functions>enqueue(functions -> functions.latency(moment));
    }
}
