package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same story told to rq and to Simul leaves the same keys after every step. */
class RqSequencesTest {
    private static final String RQ = "2.12.0";

    @TempDir
    private static Path folder;

    private static EmbeddedRedis theirs;
    private static EmbeddedRedis ours;
    private static RedisClient client;
    private static RedisCommands<String, String> theirKeys;
    private static Path theirGates;
    private static RqActor rq;
    private static SimulActor simul;

    @BeforeAll
    static void meet() throws Exception {
        theirs = EmbeddedRedis.start();
        ours = EmbeddedRedis.start();
        client = RedisClient.create(theirs.url());
        theirKeys = client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
        theirGates = Files.createDirectory(folder.resolve("rq"));
        SequenceTasks.gates = Files.createDirectory(folder.resolve("simul"));
        rq = new RqActor(PythonRq.install(RQ, theirs.url()), theirGates);
        simul = new SimulActor(ours.url());
    }

    @AfterAll
    static void part() {
        simul.close();
        rq.close();
        client.shutdown();
        ours.close();
        theirs.close();
    }

    static List<Sequence> sequences() {
        return Sequence.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void leavesTheSameKeys(Sequence sequence) throws Exception {
        theirKeys.flushall();
        simul.raw().flushall();
        empty(theirGates);
        empty(folder.resolve("simul"));
        for (var step : sequence.steps()) {
            rq.act(step);
            simul.act(step);
            if (step.verb().equals("stop")) {
                continue; // is only a message; the worker's end shows what became of it
            }
            var differences = KeySpace.of(theirKeys).differences(KeySpace.of(simul.raw()));
            assertThat(differences)
                    .as("after '%s'", step.line())
                    .filteredOn(difference -> !RqDifferences.allow(sequence, step, difference))
                    .isEmpty();
        }
    }

    private static void empty(Path gates) throws IOException {
        try (var files = Files.list(gates)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
