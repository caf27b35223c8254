package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
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
            "anything else is a string: https://example.org. Put -- before strings that begin with a dash."
        })
public final class Enqueue implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

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
            names = "--queue",
            paramLabel = "Q",
            defaultValue = "default",
            description = "The queue (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String queue;

    @Option(
            names = "--wait",
            description = "Wait for the end and print the result instead of the id: a string as it is, else JSON.")
    private boolean wait;

    @Option(
            names = "--json",
            description = "Print one JSON object: id, queue and, with --wait, status and result or error.")
    private boolean json;

    /** For picocli. */
    @Spec
    void spec(CommandSpec given) {
        spec = given;
        spec.parser().unmatchedOptionsArePositionalParams(true); // so that -5 is an argument
    }

    @Override
    public Integer call() throws Exception {
        var values = values();
        try (var client = JobClient.connect(redis.settings())) {
            var job = client.queue(queue).enqueue(function, JsonNode.class, values.toArray());
            if (!wait) {
                print(json ? JSON.writeValueAsString(answer(job)) : job.id());
                return ExitCode.OK;
            }
            if (!json) {
                spec.commandLine().getErr().println("simul: job " + job.id() + " waits on queue " + queue);
            }
            return await(job);
        }
    }

    private int await(Job<JsonNode> job) throws Exception {
        try {
            var result = job.await();
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
        }
    }

    private ObjectNode answer(Job<?> job) {
        return JSON.createObjectNode().put("id", job.id()).put("queue", job.queue());
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    private List<@Nullable Object> values() {
        var given = spec.commandLine().getParseResult().originalArgs();
        int dashes = given.indexOf("--");
        var options = dashes < 0 ? given : given.subList(0, dashes);
        var values = new ArrayList<@Nullable Object>();
        for (var argument : arguments) {
            var value = value(argument);
            // An option that is not known has come as an argument as well.
            if (argument.startsWith("-") && value instanceof String && options.contains(argument)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "unknown option " + argument + "; if it is an argument for " + function + ", put -- before it");
            }
            values.add(value);
        }
        return values;
    }

    static @Nullable Object value(String argument) {
        try {
            return JSON.readValue(argument, Object.class);
        } catch (JacksonException e) {
            return argument;
        }
    }
}
