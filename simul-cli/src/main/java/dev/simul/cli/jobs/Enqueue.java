package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.cli.Spelling;
import dev.simul.jobs.DuplicateJobException;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobFailedException;
import dev.simul.jobs.JobOptions;
import dev.simul.jobs.JobRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code simul enqueue}: puts one call on a queue, for any worker that offers the function, in Java or in Python. */
@Command(
        name = "enqueue",
        description = "Puts a call on a Redis queue and prints the job's id.",
        footer = {
            "",
            "An ARG that is JSON is taken as such: 2, 0.5, true, null, [1,2], {\"a\":1}, \"2\" (a string);",
            "anything else is a string: https://example.org. Put -- before strings that begin with a dash.",
            "name=ARG is a keyword argument. As with rq: :JSON and name:=JSON must be JSON, %%LITERAL and",
            "name%%=LITERAL are written as in Python, @FILE is what stands in a file."
        })
public final class Enqueue implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FUNCTION", description = "The function's name: demo.add.")
    @SuppressWarnings("NullAway.Init")
    private String function;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Its arguments, see below.")
    private List<String> arguments = List.of();

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "Q",
            defaultValue = "default",
            description = "The queue (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String queue;

    @Mixin
    private final EnqueueOptions options = new EnqueueOptions();

    @Option(names = "--quiet", description = "Print nothing.")
    private boolean quiet;

    @Option(
            names = "--wait",
            description = "Wait for the end and print the result instead of the id: a string as it is, else JSON.")
    private boolean wait;

    @Option(
            names = "--max-wait",
            paramLabel = "TIME",
            converter = SecondsOption.class,
            description = "As --wait, but only so long: seconds or 5m; then the job goes on, and the exit code is 124.")
    private @Nullable Duration longestWait;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object: id, queue and, with --wait or --max-wait, status and result or error.")
    private boolean json;

    /** For picocli. */
    @Spec
    void spec(CommandSpec given) {
        spec = given;
        spec.parser().unmatchedOptionsArePositionalParams(true); // so that -5 is an argument
    }

    @Override
    public Integer call() throws Exception {
        requireKnownOptions();
        var request = request();
        var _ = options.on(JobOptions.DEFAULTS); // refuses what cannot be before Redis is asked
        try (var client = JobClient.connect(redis.settings())) {
            var job = client.queue(queue).with(options::on).enqueue(request);
            if (wait || longestWait != null) {
                if (!json) {
                    tell("simul: job " + job.id() + " waits on queue " + queue);
                }
                return await(job);
            }
            if (!quiet) {
                print(json ? JSON.writeValueAsString(answer(job)) : job.id());
                tell("Enqueued " + request + " with job-id '" + job.id() + "'.");
            }
            return ExitCode.OK;
        } catch (DuplicateJobException e) {
            tell("simul enqueue: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    private JobRequest<JsonNode> request() {
        var given = CallArguments.of(arguments);
        return JobRequest.of(function, JsonNode.class, given.positional().toArray())
                .named(given.named());
    }

    private void tell(String line) {
        if (!quiet) {
            spec.commandLine().getErr().println(line);
        }
    }

    private int await(Job<JsonNode> job) throws Exception {
        try {
            var result = result(job);
            var value = result == null ? JSON.nullNode() : result;
            print(
                    json
                            ? JSON.writeValueAsString(
                                    answer(job).put("status", "finished").set("result", value))
                            : value.isString() ? value.stringValue() : JSON.writeValueAsString(value));
            return ExitCode.OK;
        } catch (JobFailedException e) {
            if (json) {
                print(JSON.writeValueAsString(
                        answer(job).put("status", "failed").put("error", e.traceback())));
            }
            spec.commandLine().getErr().println("simul enqueue: " + e.getMessage());
            return ExitCode.FAILED;
        } catch (TimeoutException e) {
            var status = job.status().name().toLowerCase(Locale.ROOT);
            if (json) {
                print(JSON.writeValueAsString(answer(job).put("status", status)));
            }
            spec.commandLine()
                    .getErr()
                    .println("simul enqueue: job " + job.id() + " on queue " + job.queue()
                            + " has not ended in the time of --max-wait; it is " + status + " and goes on");
            return ExitCode.TIME_OUT;
        }
    }

    private @Nullable JsonNode result(Job<JsonNode> job) throws Exception {
        if (longestWait == null) {
            return job.await();
        }
        try {
            return job.toCompletableFuture().get(longestWait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private ObjectNode answer(Job<?> job) {
        return JSON.createObjectNode().put("id", job.id()).put("queue", job.queue());
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    /** An option that is not known has come as an argument. */
    private void requireKnownOptions() {
        var given = spec.commandLine().getParseResult().originalArgs();
        int dashes = given.indexOf("--");
        var beforeDashes = dashes < 0 ? given : given.subList(0, dashes);
        for (var argument : arguments) {
            if (argument.startsWith("-")
                    && CallArguments.plain(argument) instanceof String
                    && beforeDashes.contains(argument)) {
                var meant = Spelling.meant(argument, spec);
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown option " + argument + (meant.isEmpty() ? "; if" : meant + " If")
                                + " it is an argument for " + function + ", put -- before it");
            }
        }
    }
}
