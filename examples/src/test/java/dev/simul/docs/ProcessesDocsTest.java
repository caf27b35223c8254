package dev.simul.docs;

import static dev.simul.Async.run;
import static dev.simul.Async.timeout;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.simul.Task;
import dev.simul.process.ChildProcess;
import dev.simul.process.ProcessDiedException;
import dev.simul.process.ProcessPool;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The snippets of docs/processes.md. */
class ProcessesDocsTest {
    private static ProcessPool pool;

    static final class Primes {
        private Primes() {}

        static int below(int limit) {
            return (int) IntStream.range(2, limit)
                    .filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).noneMatch(d -> n % d == 0))
                    .count();
        }
    }

    static final class Pages {
        private Pages() {}

        static int read(Socket socket) throws IOException {
            return socket.getInputStream().read();
        }
    }

    /** As badly behaved as native code can be. */
    static final class Parser {
        private Parser() {}

        static @Nullable Void crash(int status) {
            System.err.println("corrupted double-linked list");
            Runtime.getRuntime().halt(status);
            return null;
        }

        static int hang() throws InterruptedException {
            Thread.sleep(Duration.ofHours(1));
            return 0;
        }
    }

    @BeforeAll
    static void open() {
        pool = ProcessPool.open(1);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Test
    void aPoolAnswers() throws Exception {
        try (var pool = ProcessPool.open(2)) {
            Task<Integer> one = pool.submit(Primes::below, 100_000);
            List<Integer> more = pool.map(Primes::below, List.of(10, 100, 1_000));

            System.out.println(more + " and " + one.await());
        }
    }

    @Test
    void anArgumentThatCannotTravelIsNamed() throws Exception {
        var socket = new Socket();
        var refusal = assertThrows(IllegalArgumentException.class, () -> pool.submit(Pages::read, socket));
        assertEquals(
                "argument 1 of Pages::read (java.net.Socket) cannot be serialised: "
                        + "java.io.NotSerializableException: java.net.Socket; make that class Serializable, "
                        + "or pass a plain value and open the thing in the child",
                refusal.getMessage());
    }

    @Test
    void anExceptionArrivesAsItself() {
        var wrong = assertThrows(
                NumberFormatException.class,
                () -> pool.submit(Integer::parseInt, "seven").await());
        assertEquals("For input string: \"seven\"", wrong.getMessage());
    }

    @Test
    void aDeathFailsOneTask() throws Exception {
        var death = assertThrows(
                ProcessDiedException.class,
                () -> pool.submit(Parser::crash, 134).await());
        assertEquals("killed by SIGABRT (exit code 134)", death.exitStatus().toString());
        assertEquals(List.of("corrupted double-linked list"), death.lastLines());

        assertEquals(25, pool.submit(Primes::below, 100).await());
    }

    @Test
    void aTimeOutIsReal() {
        try (var pool = ProcessPool.builder()
                .processes(1)
                .taskTimeout(Duration.ofMillis(500))
                .open()) {
            assertThrows(TimeoutException.class, () -> pool.submit(Parser::hang).await());
        }
    }

    @Test
    void aLoopsTimeOutCancels() throws Exception {
        run(() -> {
            Task<Integer> hanging = pool.submit(Parser::hang);
            assertThrows(TimeoutException.class, () -> timeout(Duration.ofMillis(200), hanging::await));
            assertEquals(Task.State.CANCELLED, hanging.state());
        });
    }

    @Test
    void childrenTellTheirStartUpTime() {
        for (ChildProcess child : pool.awaitChildren()) {
            System.out.println(
                    child.pid() + " was ready after " + child.startup().toMillis() + " ms");
        }
    }
}
