package dev.simul.docs;

import static dev.simul.Async.*;
import static java.time.Duration.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.simul.CancelledError;
import dev.simul.EventLoop;
import dev.simul.Generator;
import dev.simul.Outcome;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.TaskGroup;
import dev.simul.TaskLocal;
import dev.simul.Timeout;
import dev.simul.Until;
import dev.simul.VirtualClock;
import dev.simul.sync.Lock;
import dev.simul.sync.Queue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The snippets of docs/coming-from-asyncio.md. */
@SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"}) // the reader's code, not ours
class ComingFromAsyncioDocsTest {

    private final List<Object> printed = new ArrayList<>();
    private int lines = 3;

    @Test
    void runSpawnAwait() throws Exception {
        String both = run(() -> {
            Task<String> task = spawn("fetch a", () -> fetch("a"));
            String other = fetch("b");
            return task.await() + other;
        });
        assertThat(both).isEqualTo("AB");
    }

    @Test
    void severalAtOnce() throws Exception {
        onVirtualTime(() -> {
            List<Task<String>> tasks = List.of(spawn(() -> fetch("a")), spawn(() -> fetch("b")));
            List<String> both = gather(() -> fetch("a"), () -> fetch("b"));
            List<Outcome<String>> outcomes = gatherOutcomes(tasks).await();
            var some = awaitUntil(Until.FIRST_COMPLETED, tasks, ofSeconds(5)); // some.done(), some.pending()
            for (var task : asCompleted(tasks)) {
                println(task.result());
            }
            assertThat(both).containsExactly("A", "B");
            assertThat(outcomes).containsExactly(new Outcome.Returned<>("A"), new Outcome.Returned<>("B"));
            assertThat(some.done()).hasSize(2);
        });
        assertThat(printed).containsExactly("A", "B");
    }

    @Test
    void groups() throws Exception {
        onVirtualTime(() -> {
            var words = TaskGroup.<String, String>within(group -> {
                var a = group.fork(() -> fetch("a"));
                var b = group.fork(() -> fetch("b"));
                return a.await() + b.await();
            });
            assertThat(words).isEqualTo("AB");
        });
    }

    @Test
    void timeLimits() throws Exception {
        onVirtualTime(() -> {
            var task = spawn(() -> fetch("a"));
            var limit = Timeout.after(ofSeconds(5));
            limit.run(() -> {
                while (readLine() != null) {
                    limit.reschedule(ofSeconds(5));
                }
            });
            String value = waitFor(ofSeconds(5), task);
            assertThat(value).isEqualTo("A");
            assertThat(currentLoop().time()).isEqualTo(ofSeconds(16));
        });
    }

    @Test
    void cancellation() throws Exception {
        onVirtualTime(() -> {
            var task = spawn(() -> fetch("a"));
            task.cancel("not needed");
            try {
                task.await();
            } catch (CancelledError e) {
                println(e.reason());
            }
            String result = shield(() -> save());
            assertThat(result).isEqualTo("saved");
        });
        assertThat(printed).containsExactly("not needed");
    }

    @Test
    void locksAndQueues() throws Exception {
        onVirtualTime(() -> {
            var lock = new Lock();
            try (var _ = lock.hold()) {
                println("mine");
            }
            var queue = new Queue<String>(10);
            queue.put("job");
            String job = queue.get();
            queue.taskDone();
            queue.shutdown();
            assertThat(job).isEqualTo("job");
            assertThat(lock.isLocked()).isFalse();
        });
        assertThat(printed).containsExactly("mine");
    }

    @Test
    void asynchronousGenerators() throws Exception {
        onVirtualTime(() -> {
            Generator<Integer> ticks = Generator.of(out -> {
                for (int i = 0; ; i++) {
                    sleep(ofSeconds(1));
                    out.yield(i);
                }
            });
            try (ticks) {
                for (int tick : ticks) {
                    if (tick == 3) break;
                }
            }
            assertThat(currentLoop().time()).isEqualTo(ofSeconds(4));
        });
    }

    @Test
    void contextVariables() throws Exception {
        onVirtualTime(() -> {
            TaskLocal<String> request = TaskLocal.of("request", "none");
            var token = request.set("17");
            assertThat(spawn(() -> request.get()).await()).isEqualTo("17");
            request.reset(token);
            assertThat(request.get()).isEqualTo("none");
        });
        run(() -> {
            // as it stands in the documentation
            TaskLocal<String> request = TaskLocal.of("request", "none");
            var token = request.set("17");
            request.reset(token);
            assertThat(request.get()).isEqualTo("none");
        });
    }

    @Test
    void futuresAndCallbacks() throws Exception {
        onVirtualTime(() -> {
            var promise = new Promise<Integer>("the answer");
            promise.onDone(done -> println(done));
            currentLoop().callSoon(() -> promise.complete(42));
            currentLoop().callLater(ofSeconds(5), () -> println("later"));
            currentLoop().execute(() -> println("from any thread"));
            assertThat(promise.await()).isEqualTo(42);
            sleep(ofSeconds(6));
        });
        assertThat(printed).hasSize(3).contains("from any thread").endsWith("later");
    }

    // ---- what the reader has

    private static void onVirtualTime(dev.simul.Action main) throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            loop.run(main);
        }
    }

    private static String fetch(String url) {
        sleep(ofMillis(5));
        return url.toUpperCase(java.util.Locale.ROOT);
    }

    private @Nullable String readLine() {
        sleep(ofSeconds(4));
        return lines-- > 0 ? "line" : null;
    }

    private static String save() {
        return "saved";
    }

    private void println(Object what) {
        if (printed.size() > 10) {
            fail("who prints so much?");
        }
        printed.add(what);
    }
}
