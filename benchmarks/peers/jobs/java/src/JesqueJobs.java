import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.greghaines.jesque.Config;
import net.greghaines.jesque.ConfigBuilder;
import net.greghaines.jesque.Job;
import net.greghaines.jesque.client.Client;
import net.greghaines.jesque.client.ClientImpl;
import net.greghaines.jesque.worker.MapBasedJobFactory;
import net.greghaines.jesque.worker.WorkerImpl;
import net.greghaines.jesque.worker.WorkerPool;

/** Jesque as a contestant. */
public final class JesqueJobs extends Peer {
    private final Config config =
            new ConfigBuilder().withHost("127.0.0.1").withPort(PORT).build();
    private final Client client = new ClientImpl(config);

    public record Run(String kind, Integer number, String text) implements Runnable {
        @Override
        public void run() {
            Peer.run(kind, number, text);
        }
    }

    public record Latency(Long enqueued) implements Runnable {
        @Override
        public void run() {
            latency(enqueued);
        }
    }

    @Override
    void work(int concurrency, int queues) {
        var functions = new MapBasedJobFactory(Map.of("Run", Run.class, "Latency", Latency.class));
        var names = IntStream.range(0, queues).mapToObj(queue -> "q" + queue).toList();
        new WorkerPool(() -> new WorkerImpl(config, names, functions), concurrency).run();
    }

    @Override
    void one(String kind, int number, String text, String queue) {
        client.enqueue(queue, new Job("Run", kind, number, text));
    }

    @Override
    void batch(String kind, int from, int to, String text, String queue) {
        List<Job> jobs = IntStream.range(from, to)
                .mapToObj(number -> new Job("Run", kind, number, text))
                .toList();
        client.batchEnqueue(queue, jobs);
    }

    @Override
    void latencyJob(long moment) {
        client.enqueue("q0", new Job("Latency", moment));
    }
}
