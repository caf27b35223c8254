package dev.simul.docs;

import static dev.simul.Async.*;
import static dev.simul.sync.Select.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.CancelScope;
import dev.simul.Generator;
import dev.simul.TaskGroup;
import dev.simul.sync.Channel;
import dev.simul.test.AsyncTest;
import dev.simul.test.TestLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** The snippets of docs/coming-from-kotlin.md. */
@SuppressWarnings({"StringSplitter", "FutureReturnValueIgnored"}) // the reader's code, not ours
class KotlinDocsTest {

    private final List<String> log = new ArrayList<>();

    @AsyncTest
    void childrenOfAScopeAreAwaited() throws Exception {
        int words = TaskGroup.within(
                group -> { // coroutineScope
                    var first = group.fork(() -> count("a page")); // async
                    var second = group.fork(() -> count("another page with more"));
                    return first.await() + second.await();
                });
        assertThat(words).isEqualTo(6);
    }

    @AsyncTest
    void failureInASupervisorTouchesNobody() throws Exception {
        int good = TaskGroup.supervise(
                (task, error) -> log.add(error.getMessage()),
                group -> { // supervisorScope
                    group.fork(() -> {
                        throw new IOException("no such page");
                    });
                    return group.fork(() -> count("a good page")).await();
                });
        assertThat(good).isEqualTo(3);
        assertThat(log).containsExactly("no such page");
    }

    @AsyncTest
    void cleanUpMayWait() throws Exception {
        var scope = new CancelScope();
        var worker = spawn(() -> scope.run(() -> {
            try {
                sleep(ofHours(1));
            } finally {
                CancelScope.after(ofSeconds(1)).shield(true).run(() -> {
                    sleep(ofMillis(10));
                    log.add("said goodbye");
                });
            }
        }));
        sleep(ofMillis(1));
        scope.cancel();
        worker.await();
        assertThat(log).containsExactly("said goodbye");
    }

    @AsyncTest
    void executorComputes() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor()) {
            String answer = await(on(executor, () -> computeForLong()));
            assertThat(answer).isEqualTo("42");
        }
    }

    private static String computeForLong() {
        return "42";
    }

    @AsyncTest
    void channelIsReadToItsEnd() throws Exception {
        List<String> seen = new ArrayList<>();
        var results = Channel.<String>buffered(10);
        spawn(() -> {
            for (int i = 0; i < 3; i++) {
                results.send("result " + i);
            }
            results.close();
        });
        for (String result : results) {
            seen.add(result);
        }
        assertThat(seen).hasSize(3);
    }

    @AsyncTest
    void firstOfThreeIsSelected() throws Exception {
        var results = Channel.<String>rendezvous();
        var worker = spawn(() -> sleep(ofMillis(10)));
        String first = select(
                onReceive(results, result -> "got " + result),
                onJoin(worker, () -> "the worker has ended"),
                onTimeout(ofSeconds(1), () -> "nothing for a second"));
        assertThat(first).isEqualTo("the worker has ended");
    }

    @AsyncTest
    void generatorIsAColdFlow() {
        int sum = 0;
        Generator<Integer> squares = Generator.of(out -> {
            for (int i = 1; i <= 3; i++) {
                sleep(ofMillis(1)); // a flow may wait, too
                out.yield(i * i);
            }
        });
        for (int square : squares) {
            sum += square;
        }
        assertThat(sum).isEqualTo(14);
    }

    @AsyncTest
    void twelveHoursPassAtOnce() {
        var alarm = spawn(() -> {
            sleep(ofHours(12));
            return "ring";
        });
        assertThat(alarm.join()).isEqualTo("ring");
        assertThat(TestLoop.clock().elapsed()).isEqualTo(ofHours(12));
    }

    private static int count(String page) {
        sleep(ofMillis(5));
        return page.split(" ").length;
    }
}
