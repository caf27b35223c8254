import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** What the Java peers share: what jobs do, and how a producer is asked; see SimulJobs.java. */
public abstract class Peer {
    static final int PORT = Integer.parseInt(System.getenv("REDIS_PORT"));
    static final int BATCH = 500;

    private static final FileOutputStream DONE = open("JOBS_DONE");
    private static final FileOutputStream LATENCIES = open("JOBS_LATENCIES");

    private static FileOutputStream open(String variable) {
        try {
            return new FileOutputStream(System.getenv(variable), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The job of any kind but latency. */
    public static void run(String kind, int number, String text) {
        try {
            if (kind.equals("sleep1")) Thread.sleep(1);
            if (kind.equals("sleep10")) Thread.sleep(10);
            DONE.write('.');
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void latency(long enqueued) {
        try {
            LATENCIES.write((wallNanos() - enqueued + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long wallNanos() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    abstract void work(int concurrency, int queues) throws Exception;

    abstract void one(String kind, int number, String text, String queue);

    /** Jobs from one number to before another, all on one queue. */
    abstract void batch(String kind, int from, int to, String text, String queue);

    abstract void latencyJob(long moment);

    void main(String[] args) throws Exception {
        if (args[0].equals("work")) {
            work(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            return;
        }
        begin();
        var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String request; (request = requests.readLine()) != null; ) {
            var words = request.split(" ");
            int jobs = Integer.parseInt(words[1]);
            long start = System.nanoTime();
            if (words[0].equals("paced")) paced(jobs, Long.parseLong(words[2]) * 1_000, start);
            else enqueue(words[0], jobs, words[2], "x".repeat(Integer.parseInt(words[3])), Integer.parseInt(words[4]));
            System.out.println((System.nanoTime() - start) / 1e9);
        }
        System.exit(0);
    }

    /** What a producer does before it is asked. */
    void begin() throws Exception {}

    private void enqueue(String mode, int jobs, String kind, String text, int queues) {
        if (mode.equals("batch") && queues == 1) {
            for (int from = 0; from < jobs; from += BATCH) batch(kind, from, Math.min(jobs, from + BATCH), text, "q0");
        } else {
            for (int job = 0; job < jobs; job++) one(kind, job, text, "q" + job % queues);
        }
    }

    private void paced(int jobs, long gap, long start) {
        for (int job = 0; job < jobs; job++) {
            for (long left; (left = start + job * gap - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
            latencyJob(wallNanos());
        }
    }
}
