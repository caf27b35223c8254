package dev.simul.benchmarks;

import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobRequest;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Simul as a contestant with jobs: {@code produce}, or {@code work CONCURRENCY QUEUES}.
 *
 * <p>The producer does what a line on stdin says, {@code MODE JOBS KIND BYTES QUEUES} or {@code paced JOBS MICROS}, and
 * answers with the seconds it took. The worker runs until it is killed. The peers in Python, Go and JavaScript speak the
 * same way.
 */
public final class SimulJobs {
    private static final String URL = "redis://127.0.0.1:" + System.getenv("REDIS_PORT");
    private static final int BATCH = 500;
    private static final int CALLERS = 32;

    private SimulJobs() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("produce")) produce();
        else work(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    }

    private static void work(int concurrency, int queues) throws InterruptedException {
        Worker.on(URL)
                .queues(IntStream.range(0, queues)
                        .mapToObj(SimulJobs::queueName)
                        .toArray(String[]::new))
                .functions(Functions.class)
                .concurrency(concurrency)
                .build()
                .run();
    }

    private static String queueName(int number) {
        return "q" + number;
    }

    private static void produce() throws Exception {
        try (var client = JobClient.connect(URL);
                var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String request; (request = requests.readLine()) != null; ) {
                var words = request.split(" ", -1);
                System.out.println(words[0].equals("paced") ? paced(client, words) : enqueue(client, words));
                System.out.flush();
            }
        }
    }

    private static double enqueue(JobClient client, String[] words) throws InterruptedException {
        int jobs = Integer.parseInt(words[1]);
        var text = "x".repeat(Integer.parseInt(words[3]));
        var queues = IntStream.range(0, Integer.parseInt(words[4]))
                .mapToObj(number -> client.queue(queueName(number)))
                .toList();
        long start = System.nanoTime();
        switch (words[0]) {
            case "one" -> {
                for (int job = 0; job < jobs; job++) enqueue(queues, words[2], job, text);
            }
            case "many" -> callers(jobs, job -> enqueue(queues, words[2], job, text));
            case "batch" -> batches(queues, words[2], jobs, text);
            default -> throw new IllegalArgumentException("no mode " + words[0]);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void enqueue(List<JobQueue> queues, String kind, int job, String text) {
        queues.get(job % queues.size()).enqueue(request(kind, job, text));
    }

    private static void batches(List<JobQueue> queues, String kind, int jobs, String text) {
        for (int start = 0; start < jobs; start += BATCH) {
            for (int queue = 0; queue < queues.size(); queue++) {
                var requests = new ArrayList<JobRequest<@Nullable Void>>();
                for (int job = start; job < Math.min(jobs, start + BATCH); job++)
                    if (job % queues.size() == queue) requests.add(request(kind, job, text));
                if (!requests.isEmpty()) queues.get(queue).enqueueMany(requests);
            }
        }
    }

    private static JobRequest<@Nullable Void> request(String kind, int job, String text) {
        return switch (kind) {
            case "noop" -> JobRequest.of(Functions::noop, job, text);
            case "sleep1" -> JobRequest.of(Functions::sleep1, job, text);
            case "sleep10" -> JobRequest.of(Functions::sleep10, job, text);
            default -> throw new IllegalArgumentException("no job " + kind);
        };
    }

    private static void callers(int jobs, IntConsumer enqueue) throws InterruptedException {
        var next = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int caller = 0; caller < CALLERS; caller++)
            threads.add(Thread.ofPlatform().start(() -> {
                for (int job; (job = next.getAndIncrement()) < jobs; ) enqueue.accept(job);
            }));
        for (var thread : threads) thread.join();
    }

    private static double paced(JobClient client, String[] words) {
        int jobs = Integer.parseInt(words[1]);
        long gap = Long.parseLong(words[2]) * 1_000;
        var queue = client.queue(queueName(0));
        long start = System.nanoTime();
        for (int job = 0; job < jobs; job++) {
            await(start + job * gap);
            queue.enqueue(Functions::latency, wallNanos());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void await(long moment) {
        long left = moment - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = moment - System.nanoTime();
        }
    }

    private static long wallNanos() {
        var now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** What jobs do. */
    public static final class Functions {
        private static final FileOutputStream DONE = open("JOBS_DONE");
        private static final FileOutputStream LATENCIES = open("JOBS_LATENCIES");

        private Functions() {}

        private static FileOutputStream open(String variable) {
            try {
                return new FileOutputStream(System.getenv(variable), true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @SimulJob("jobs.noop")
        public static void noop(int number, String text) throws IOException {
            DONE.write('.');
        }

        @SimulJob("jobs.sleep1")
        public static void sleep1(int number, String text) throws IOException, InterruptedException {
            Thread.sleep(1);
            DONE.write('.');
        }

        @SimulJob("jobs.sleep10")
        public static void sleep10(int number, String text) throws IOException, InterruptedException {
            Thread.sleep(10);
            DONE.write('.');
        }

        @SimulJob("jobs.latency")
        public static void latency(long enqueued) throws IOException {
            LATENCIES.write((wallNanos() - enqueued + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
