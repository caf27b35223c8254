package dev.simul.docs;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.Context;
import dev.simul.Task;
import dev.simul.TaskLocal;
import dev.simul.test.AsyncTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** The snippets of docs/context.md; that of the MDC is in the examples. */
@SuppressWarnings("SystemOut") // the reader's code, not ours
class ContextDocsTest {

    static final TaskLocal<String> USER = TaskLocal.of("user", "nobody");

    static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

    private final BlockingQueue<String> audited = new LinkedBlockingQueue<>();
    private String greeted = "";

    private void greet() {
        greeted = USER.get();
    }

    private void audit(String what, String user) {
        audited.add(user + " " + what);
    }

    @AsyncTest
    void aTaskKeepsTheValueOfItsCreation() throws Exception {
        var console = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            USER.set("ann");
            Task<String> greeting = spawn(() -> {
                sleep(ofMillis(10));
                return "hello " + USER.get();
            });
            USER.set("bob");
            System.out.println(greeting.await()); // hello ann
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).trim()).isEqualTo("hello ann");
    }

    @AsyncTest
    void aTokenAndWhereBindForAWhile() throws Exception {
        try (var before = USER.set("ann")) {
            greet();
        }
        assertThat(greeted).isEqualTo("ann");
        greeted = "";
        USER.where("ann", () -> greet());
        assertThat(greeted).isEqualTo("ann");
        assertThat(USER.get()).isEqualTo("nobody");
    }

    @AsyncTest
    void executorsAndThreadsCarryWhatIsWrapped() throws Exception {
        try (var pool = Executors.newSingleThreadExecutor()) {
            USER.set("ann");

            Executor carrying = Context.taskWrapping(pool);
            carrying.execute(() -> audit("logged in", USER.get()));

            var context = Context.capture();
            new Thread(context.wrap(() -> audit("looks around", USER.get()))).start();
        }
        assertThat(new String[] {audited.take(), audited.take()})
                .containsExactlyInAnyOrder("ann logged in", "ann looks around");
    }

    @AsyncTest
    void aScopedValueStaysOverAWait() throws Exception {
        var other = spawn(DEPTH::isBound);
        int depth = ScopedValue.where(DEPTH, 3).call(() -> {
            sleep(ofMillis(10)); // other coroutines run, and do not see it
            return DEPTH.get();
        });
        assertThat(depth).isEqualTo(3);
        assertThat(other.await()).isFalse();
    }
}
