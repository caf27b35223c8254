package dev.simul.process;

import static dev.simul.Async.run;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Task;
import dev.simul.TaskFailedException;
import dev.simul.process.Work.Counter;
import dev.simul.process.Work.Point;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes there and what comes back. */
class ProcessPoolTest {
    private static ProcessPool pool;

    @BeforeAll
    static void open() {
        pool = ProcessPool.builder().processes(2).maxPayloadBytes(1_000_000).open();
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Test
    void workRunsInAnotherProcess() throws Exception {
        long pid = pool.submit(Work::pid).await();

        assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(pool.children()).extracting(ChildProcess::pid).contains(pid);
    }

    @Test
    void functionsTakeUpToFourArgumentsOfAnySerialisableType() throws Exception {
        assertThat(pool.submit(Work::twice, 21).await()).isEqualTo(42);
        assertThat(pool.submit(Work::sum, 1, 2L).await()).isEqualTo(3L);
        assertThat(pool.submit(Work::product, 2.0, 3.0, 4.0).await()).isEqualTo(24.0);
        assertThat(pool.submit(Work::join, "a", 1, List.of("b", "c"), new Point(1, 2))
                        .await())
                .isEqualTo("a1[b, c]Point[x=1, y=2]");
    }

    @Test
    void nullTravelsBothWays() throws Exception {
        assertThat(pool.submit(Work::echo, null).await()).isNull();
    }

    @Test
    void anyKindOfMethodReferenceTravels() throws Exception {
        var big = new BigInteger("12345678901234567890");

        assertThat(pool.submit(Integer::parseInt, "17").await()).isEqualTo(17);
        assertThat(pool.submit(String::length, "four").await()).isEqualTo(4);
        assertThat(pool.submit(big::multiply, BigInteger.TEN).await()).isEqualTo(big.multiply(BigInteger.TEN));
        assertThat(pool.submit(Point::new, 3, 4).await()).isEqualTo(new Point(3, 4));
        assertThat(pool.submit(Point::hashCode, new Point(0, 1)).await()).isEqualTo(new Point(0, 1).hashCode());
    }

    @Test
    void aLambdaTakesWhatItCapturedWithIt() throws Exception {
        var names = List.of("x", "y");

        assertThat(pool.submit((Integer i) -> names.get(i), 1).await()).isEqualTo("y");
    }

    @Test
    void anObjectThatIsNoLambdaIsCalledThroughItsInterface() throws Exception {
        record Adder(int summand) implements RemoteFunction.Of1<Integer, Integer> {
            @Override
            public Integer call(Integer number) {
                return number + summand;
            }
        }

        assertThat(pool.submit(new Adder(5), 2).await()).isEqualTo(7);
    }

    @Test
    void everyCallGetsItsOwnCopy() throws Exception {
        var counter = new Counter();

        assertThat(pool.submit(counter::next).await()).isEqualTo(1);
        assertThat(pool.submit(counter::next).await()).isEqualTo(1);
        assertThat(counter.next()).isEqualTo(1);
    }

    @Test
    void argumentsAreTakenAsTheyAreWhenSubmitted() throws Exception {
        var texts = new ArrayList<>(List.of("a", "b"));
        Task<Integer> size = pool.submit(Work::sizeOf, texts);
        texts.clear();

        assertThat(size.await()).isEqualTo(2);
    }

    @Test
    void lambdasTravelAsArguments() throws Exception {
        var byLength = (Comparator<String> & java.io.Serializable) (a, b) -> a.length() - b.length();

        assertThat(pool.submit(Work::nameOf, byLength).await()).contains("Lambda");
    }

    @Test
    void mapKeepsTheOrderOfItsArguments() {
        var numbers = IntStream.range(0, 50).boxed().toList();

        assertThat(pool.map(Work::twice, numbers))
                .containsExactlyElementsOf(numbers.stream().map(Work::twice).toList());
        assertThat(pool.map(Work::twice, List.of())).isEmpty();
    }

    @Test
    void mapTriesEverythingAndThrowsTheFirstFailure() {
        assertThatThrownBy(() -> pool.map(Work::refuseOdd, List.of(0, 1, 2, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("odd: 1")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("odd: 3"));
    }

    @Test
    void whatTheWorkThrowsArrivesAsItselfWithItsStackTrace() {
        assertThatThrownBy(() -> pool.submit(Work::fail, "no such page").await())
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("no such page")
                .hasStackTraceContaining("Work.fail(Work.java:")
                .cause()
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("the cause");
        assertThatThrownBy(() -> pool.submit(Work::fail, "no such page").join())
                .isExactlyInstanceOf(TaskFailedException.class)
                .hasCauseExactlyInstanceOf(IOException.class);
    }

    @Test
    void anErrorOfTheWorkLeavesItsChildAlive() throws Exception {
        assertThatThrownBy(() -> pool.submit(Work::overflow, 0).await()).isInstanceOf(StackOverflowError.class);
        assertThat(pool.submit(Work::twice, 1).await()).isEqualTo(2);
    }

    @Test
    void anExceptionThatCannotBeSerialisedArrivesAsText() {
        assertThatThrownBy(() -> pool.submit(Work::failUnserialisably).await())
                .isExactlyInstanceOf(ChildFailureException.class)
                .hasMessageContaining("Unserialisable: with a socket inside")
                .hasStackTraceContaining("Work.failUnserialisably(Work.java:")
                .cause()
                .hasMessageContaining("IllegalStateException: the cause");
    }

    @Test
    void anArgumentThatCannotBeSerialisedIsNamedWhereItWasGiven() throws Exception {
        try (var socket = new Socket()) {
            assertThatThrownBy(() -> pool.submit(Work::nameOf, socket))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("argument 1 of Work::nameOf (java.net.Socket) cannot be serialised")
                    .hasMessageContaining("make that class Serializable");
            assertThatThrownBy(() -> pool.submit(() -> socket.isBound()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("captured value 1 of a lambda of ProcessPoolTest (java.net.Socket)");
        }
        assertThat(pool.submit(Work::twice, 4).await()).isEqualTo(8);
    }

    @Test
    void aResultThatCannotBeSerialisedIsNamed() {
        assertThatThrownBy(() -> pool.submit(Work::socket).await())
                .isInstanceOf(ChildFailureException.class)
                .hasMessageContaining("the result of Work::socket cannot be serialised")
                .hasMessageContaining("java.net.Socket");
    }

    @Test
    void ofTheJdkOnlyValuesTravel() throws Exception {
        Object name = Work.objectName();

        assertThatThrownBy(() -> pool.submit(Work::nameOf, name).await())
                .isInstanceOf(ChildFailureException.class)
                .hasMessageContaining("javax.management.ObjectName; not let in");
        assertThatThrownBy(() -> pool.submit(Work::objectName).await())
                .isInstanceOf(ChildFailureException.class)
                .hasMessageContaining("the result of Work::objectName cannot be read")
                .hasMessageContaining("javax.management.ObjectName; not let in");
    }

    @Test
    void whatIsTooLargeFailsAlone() throws Exception {
        var large = new byte[1_000_001];

        assertThatThrownBy(() -> pool.submit(Work::reversed, large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than maxPayloadBytes = 1000000");
        assertThatThrownBy(() ->
                        pool.submit((Integer size) -> new byte[size], 1_000_001).await())
                .isInstanceOf(ChildFailureException.class)
                .hasMessageContaining("more than maxPayloadBytes = 1000000");
        assertThat(pool.submit(Work::reversed, new byte[900_000]).await()).hasSize(900_000);
    }

    @Test
    void printingDisturbsNothingAndComesOutHere() throws Exception {
        var stdout = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            pool.submit(Work::print, "grüße from the child").await();
            Eventually.eventually(() -> printed.toString(StandardCharsets.UTF_8).contains("grüße from the child"));
        } finally {
            System.setOut(stdout);
        }
    }

    @Test
    void standardInputOfTheChildIsEmpty() throws Exception {
        assertThat(pool.submit(Work::readStandardInput).await()).isEqualTo(-1);
    }

    @Test
    void anInterruptLeftBehindHitsNobody() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(pool.submit(Work::leaveInterrupted).await()).isEqualTo(1);
        }
    }

    @Test
    void aLoopTurnsWhileACoroutineWaitsForAChild(@TempDir Path directory) throws Exception {
        Path signal = directory.resolve("go");

        run(() -> {
            Task<Integer> waiting = spawn(
                    () -> pool.submit(Work::waitForFile, signal.toString()).await());
            Task<?> signalling = spawn(() -> {
                Files.createFile(signal);
            });

            assertThat(waiting.await()).isEqualTo(1);
            assertThat(signalling.isDone()).isTrue();
        });
    }

    @Test
    void aTaskIsNamedAfterItsFunction() throws Exception {
        Task<Integer> task = pool.submit(Work::twice, 1);
        task.await();

        assertThat(task.name()).isEqualTo("Work::twice");
        assertThat(task.state()).isEqualTo(Task.State.DONE);
    }
}
