package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Simul at work on steps of sequences; {@code sequences.py} does the same with rq. */
final class SimulActor implements Actor, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final JobSettings settings;
    private final JobClient jobs;
    private final SimulLooks looks;
    private final RedisClient client;
    private final RedisCommands<String, String> raw;
    private @Nullable Process child;
    private final Map<String, CompletableFuture<WorkerTally>> running = new HashMap<>();

    SimulActor(JobSettings settings) {
        this.settings = settings;
        this.jobs = JobClient.connect(settings);
        this.looks = new SimulLooks(jobs);
        this.client = RedisClient.create(settings.url());
        this.raw = client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
    }

    @Override
    public @Nullable Object act(Sequence.Step step) throws Exception {
        try {
            if (step.isLook()) {
                // through JSON, so that numbers are those of rq's answers
                var seen = looks.at(step.verb().substring(5), new Given(step.arguments()));
                return JSON.readValue(JSON.writeValueAsString(seen), Object.class);
            }
            obey(step);
            return "ok";
        } catch (NoSuchElementException | IllegalStateException | IllegalArgumentException e) {
            return "refused"; // what is refused must change nothing; the dump shows it
        }
    }

    private void obey(Sequence.Step step) throws Exception {
        var given = new Given(step.arguments());
        switch (step.verb()) {
            case "enqueue" -> queue(given).enqueue(request(given.text("function"), given.list("args"), given));
            case "enqueue_again" -> job(given).enqueueNow();
            case "many" -> many(given);
            case "group" -> group(given);
            case "work" -> work(given);
            case "start" -> start(given);
            case "finish" -> finish(given);
            case "await_end" -> awaitEnd(given);
            case "kill" -> kill();
            case "stop" -> stop(given);
            case "kill_horse" -> jobs.killHorse(given.text("name", "w1"));
            case "shutdown" -> shutdown(given.text("name", "w1"));
            case "cancel" -> job(given).cancel(given.is("dependents") ? Dependents.ENQUEUE : Dependents.KEEP);
            case "delete" -> job(given).delete(given.is("dependents") ? Dependents.DELETE : Dependents.KEEP);
            case "requeue" -> requeue(given);
            case "remove" -> queue(given).remove(given.text("id"));
            case "empty" -> queue(given).empty();
            case "delete_queue" -> queue(given).delete();
            case "compact" -> queue(given).compact();
            case "save_meta" -> saveMeta(given);
            case "suspend_all" -> suspend(given);
            case "resume_all" -> jobs.resume();
            case "raw" -> raw(given.list("command"));
            default -> throw new UnsupportedOperationException(step.line());
        }
    }

    private void many(Given given) {
        queue(given).enqueueMany(requests(given));
    }

    private void group(Given given) {
        queue(given).with(o -> o.group(given.text("name"))).enqueueMany(requests(given));
    }

    @SuppressWarnings("unchecked")
    private List<JobRequest<Object>> requests(Given given) {
        return given.<List<Object>>list("jobs").stream()
                .map(job -> {
                    var options = new HashMap<>((Map<String, Object>) job.get(3));
                    options.put("id", job.get(0));
                    return request((String) job.get(1), (List<Object>) job.get(2), new Given(options));
                })
                .toList();
    }

    private JobRequest<Object> request(String function, List<Object> arguments, Given given) {
        return JobRequest.of(function, Object.class, arguments.toArray())
                .named(given.map("kwargs"))
                .with(o -> options(given, o));
    }

    private JobQueue queue(Given given) {
        return jobs.queue(given.text("queue", "default"));
    }

    private JobOptions options(Given given, JobOptions options) {
        var known = new HashMap<String, UnaryOperator<JobOptions>>();
        known.put("id", o -> o.id(given.text("id")));
        known.put("at_front", o -> o.atFront(given.is("at_front")));
        known.put("description", o -> o.description(given.text("description")));
        known.put(
                "timeout",
                o -> given.values().get("timeout") instanceof String text
                        ? o.timeout(text)
                        : o.timeout(given.seconds("timeout")));
        known.put("result_ttl", o -> o.resultTtl(given.seconds("result_ttl")));
        known.put("failure_ttl", o -> o.failureTtl(given.seconds("failure_ttl")));
        known.put("ttl", o -> o.ttl(given.seconds("ttl")));
        known.put("meta", o -> o.meta(given.map("meta")));
        known.put(
                "retry",
                o -> o.retry(Retry.of((int) given.number("retry"), given.durations("intervals"))
                        .atFront(given.is("retry_at_front"))));
        known.put("repeat", o -> o.repeat(Repeat.of((int) given.number("repeat"), given.durations("interval"))));
        known.put("after", o -> o.after(given.<String>list("after")));
        known.put(
                "after_jobs",
                o -> o.after(given.<String>list("after_jobs").stream()
                        .map(id -> jobs.job(id).orElseThrow())
                        .toArray(Job<?>[]::new)));
        known.put("allow_failure", o -> o.allowFailure(given.is("allow_failure")));
        known.put("after_at_front", o -> o.atFront(given.is("after_at_front")));
        known.put("at", o -> o.at(Instant.ofEpochSecond(given.number("at"))));
        known.put("within", o -> o.in(Duration.ofSeconds(given.number("within"))));
        known.put("rate_limit", o -> o.rateLimit(rateLimit(given.list("rate_limit"))));
        known.put("unique", o -> o.unique(given.is("unique")));
        known.put("on_success", o -> o.onSuccess(callback(given, "on_success")));
        known.put("on_failure", o -> o.onFailure(callback(given, "on_failure")));
        known.put("on_stopped", o -> o.onStopped(callback(given, "on_stopped")));
        known.put("webhook", o -> o.webhook(webhook(given)));
        for (var option : given.values().keySet()) {
            options = known.getOrDefault(option, o -> o).apply(options);
        }
        return options;
    }

    private static RateLimit rateLimit(List<Object> given) {
        return new RateLimit((String) given.getFirst(), (Integer) given.getLast());
    }

    private static Webhook webhook(Given given) {
        var url = URI.create(given.text("webhook"));
        return given.text("webhook_status", "finished").equals("failed")
                ? Webhook.onFailed(url)
                : Webhook.onFinished(url);
    }

    private static Callback callback(Given given, String name) {
        return given.has(name + "_timeout")
                ? Callback.of(given.text(name), given.seconds(name + "_timeout"))
                : Callback.of(given.text(name));
    }

    private Job<Object> job(Given given) {
        return jobs.job(given.text("id")).orElseThrow();
    }

    private void stop(Given given) {
        if (!job(given).stop()) {
            throw new IllegalStateException("does not run");
        }
    }

    /** Goes on when the worker, which has a job, has heard it. */
    private void shutdown(String worker) throws InterruptedException {
        jobs.shutdownWorker(worker);
        await(() -> raw.hexists("rq:worker:" + worker, "shutdown_requested_date"));
    }

    private void requeue(Given given) {
        var kind = JobRegistry.Kind.valueOf(given.text("registry", "failed").toUpperCase(Locale.ROOT));
        queue(given).registry(kind).requeue(given.text("id"), given.is("at_front"));
    }

    private void saveMeta(Given given) {
        var meta = new LinkedHashMap<String, Object>(job(given).meta());
        meta.putAll(given.map("meta"));
        job(given).saveMeta(meta);
    }

    private void suspend(Given given) {
        if (given.has("seconds")) {
            jobs.suspend(given.seconds("seconds"));
        } else {
            jobs.suspend();
        }
    }

    private void work(Given given) throws InterruptedException {
        var worker = worker(settings, given).burst(true);
        worker.scheduler(given.is("scheduler"));
        (given.has("max_jobs") ? worker.maxJobs((int) given.number("max_jobs")) : worker)
                .build()
                .run();
    }

    /** A worker that can be killed. */
    static final class Child {
        public static void main(String[] args) throws InterruptedException {
            SequenceTasks.gates = Path.of(args[1]);
            worker(JobSettings.of(args[0]), new Given(Map.of())).build().run();
        }
    }

    private void startChild() throws IOException {
        child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        settings.url(),
                        SequenceTasks.gate("").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void kill() throws InterruptedException {
        Objects.requireNonNull(child).destroyForcibly().waitFor();
    }

    /** Goes on when the job has begun; the worker ends when the queues are empty, or when it is killed. */
    private void start(Given given) throws Exception {
        if (given.is("child")) {
            startChild();
        } else {
            running.put(
                    given.text("name", "w1"),
                    Background.run(worker(settings, given).burst(true).build()));
        }
        var begun = SequenceTasks.gate(given.text("id") + ".begun");
        await(() -> Files.exists(begun) && "started".equals(raw.hget("rq:job:" + given.text("id"), "status")));
        // by then those that it has run before have ended, but that need not be written yet
        await(() -> "1".equals(raw.hget("rq:worker:" + given.text("name", "w1"), "x_java_running")));
    }

    private void finish(Given given) throws Exception {
        Files.createFile(SequenceTasks.gate(given.text("id") + ".open"));
        awaitEnd(given);
    }

    private void awaitEnd(Given given) throws Exception {
        Objects.requireNonNull(running.remove(given.text("name", "w1"))).get(20, SECONDS);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        var end = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(5);
        }
    }

    private static Worker.Builder worker(JobSettings settings, Given given) {
        var queues = given.has("queues") ? given.<String>list("queues") : List.of("default");
        return Worker.on(settings)
                .queues(queues.toArray(String[]::new))
                .functions(SequenceTasks.class)
                .name(given.text("name", "w1"))
                .publishCurrentJob(true);
    }

    private void raw(List<String> command) {
        var arguments = new CommandArgs<>(new StringCodec(StandardCharsets.ISO_8859_1));
        command.stream().skip(1).map(SimulActor::moment).forEach(arguments::add);
        raw.dispatch(
                CommandType.valueOf(command.getFirst()),
                new NestedMultiOutput<>(new StringCodec(StandardCharsets.ISO_8859_1)),
                arguments);
    }

    private static String moment(String word) {
        return word.startsWith("now")
                ? String.valueOf(
                        Instant.now().getEpochSecond() + (word.length() == 3 ? 0 : Integer.parseInt(word.substring(3))))
                : word;
    }

    @Override
    public void close() {
        jobs.close();
        client.shutdown();
    }
}
