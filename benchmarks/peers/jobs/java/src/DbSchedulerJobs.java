import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;

/** db-scheduler as a contestant; it looks for new jobs every 100 ms, as 10 seconds would be its default. */
public final class DbSchedulerJobs extends Peer {
    private static final String TABLE = """
            create table scheduled_tasks (
              task_name varchar(100) not null, task_instance varchar(100) not null, task_data blob,
              execution_time timestamp(6) with time zone not null, picked boolean not null, picked_by varchar(50),
              last_success timestamp(6) with time zone, last_failure timestamp(6) with time zone,
              consecutive_failures int, last_heartbeat timestamp(6) with time zone, version bigint not null,
              state varchar(100), priority smallint, primary key (task_name, task_instance))""";
    private static final String INDEX = "create index execution_time_idx on scheduled_tasks (execution_time)";

    public record Call(String kind, int number, String text) implements Serializable {}

    private final OneTimeTask<Call> run = Tasks.oneTime("run", Call.class)
            .execute((task, _) -> Peer.run(task.getData().kind(), task.getData().number(), task.getData().text()));
    private final OneTimeTask<Long> latency =
            Tasks.oneTime("latency", Long.class).execute((task, _) -> latency(task.getData()));
    private SchedulerClient client;

    @Override
    void begin() throws Exception {
        client = SchedulerClient.Builder.create(Database.serve(TABLE, INDEX), run, latency).build();
    }

    @Override
    void work(int concurrency, int queues) throws Exception {
        Scheduler.create(Database.connect(), run, latency)
                .threads(concurrency)
                .pollingInterval(Duration.ofMillis(100))
                .build()
                .start();
        Thread.sleep(Long.MAX_VALUE);
    }

    private TaskInstance<Call> instance(String kind, int number, String text) {
        return run.instance(UUID.randomUUID().toString(), new Call(kind, number, text));
    }

    @Override
    void one(String kind, int number, String text, String queue) {
        client.scheduleIfNotExists(instance(kind, number, text), Instant.now());
    }

    @Override
    void batch(String kind, int from, int to, String text, String queue) {
        client.scheduleBatch(
                IntStream.range(from, to)
                        .<TaskInstance<?>>mapToObj(number -> instance(kind, number, text))
                        .toList(),
                Instant.now());
    }

    @Override
    void latencyJob(long moment) {
        client.scheduleIfNotExists(latency.instance(UUID.randomUUID().toString(), moment), Instant.now());
    }
}
