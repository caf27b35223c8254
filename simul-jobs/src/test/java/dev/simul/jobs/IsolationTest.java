package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A job runs where it was told to, and takes nothing along when it goes wrong there. */
class IsolationTest extends OnRedis {
    private JobQueue queue;

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default");
    }

    @AfterEach
    void tidyUpTest() {
        Deeds.endSpin();
    }

    private static Worker.Builder worker(Isolation isolation) {
        return Worker.on(redis.url())
                .functions(Deeds.class, Sums.class)
                .isolation(isolation)
                .interruptGrace(Duration.ofMillis(200))
                .burst(true);
    }

    @Test
    void loopRunsJobsOnOneThreadThatTakeTurns() throws Exception {
        var held = IntStream.range(0, 50)
                .mapToObj(_ -> queue.enqueue(Deeds::looped, 0.3))
                .toList();
        var tally = worker(Isolation.LOOP).concurrency(50).build().run();
        assertThat(tally).isEqualTo(new WorkerTally(50, 0));
        assertThat(held.getFirst().await()).isEqualTo("coroutine");
    }

    @Test
    void threadsMayBeVirtual() throws Exception {
        var held = IntStream.range(0, 50)
                .mapToObj(_ -> queue.enqueue(Deeds::virtual, 0.1))
                .toList();
        var late = queue.with(o -> o.timeout(Duration.ofSeconds(1))).enqueue(Sums::sleep, 60.0);
        worker(Isolation.THREAD).virtualThreads(true).concurrency(51).build().run();
        assertThat(held.getFirst().await()).isTrue();
        assertThatThrownBy(late::await).hasMessageContaining("Task exceeded maximum timeout value (1 seconds)");
    }

    @Test
    void functionsOwnIsolationGoesBeforeTheWorkers() throws Exception {
        var elsewhere = queue.enqueue(Deeds::childPid);
        var here = queue.enqueue(Deeds::pid);
        var looped = queue.enqueue(Deeds::looped, 0.0);
        worker(Isolation.THREAD).build().run();
        assertThat(here.await()).isEqualTo(ProcessHandle.current().pid());
        assertThat(elsewhere.await()).isNotEqualTo(ProcessHandle.current().pid());
        assertThat(looped.await()).isEqualTo("coroutine");
    }

    @ParameterizedTest
    @EnumSource
    void resultAndFailureComeBackFromEverywhere(Isolation isolation) throws Exception {
        var sum = queue.enqueue(Sums::add, 2, 3);
        var boom = queue.enqueue(Sums::boom, "no luck");
        assertThat(worker(isolation).build().run()).isEqualTo(new WorkerTally(1, 1));
        assertThat(sum.await()).isEqualTo(5);
        assertThatThrownBy(boom::await)
                .isInstanceOfSatisfying(
                        JobFailedException.class,
                        e -> assertThat(e.traceback())
                                .contains("at dev.simul.jobs.Sums.boom(Sums.java:")
                                .endsWith("java.lang.IllegalStateException: no luck"));
    }

    @ParameterizedTest
    @EnumSource(names = {"THREAD", "LOOP"})
    void jobThatSleepsTooLongFailsInTime(Isolation isolation) throws Exception {
        var job = queue.with(o -> o.timeout(Duration.ofSeconds(1))).enqueue(Sums::sleep, 60.0);
        assertThat(worker(isolation).build().run()).isEqualTo(new WorkerTally(0, 1));
        assertThatThrownBy(job::await)
                .hasMessageEndingWith("TimeoutException: Task exceeded maximum timeout value (1 seconds)");
    }

    @ParameterizedTest
    @EnumSource
    void jobThatComputesPastItsTimeIsRecordedWithoutIt(Isolation isolation) throws Exception {
        var job = queue.with(o -> o.timeout(Duration.ofSeconds(1))).enqueue(Deeds::spin);
        var next = queue.enqueue(Sums::add, 1, 2);
        worker(isolation).build().run();
        assertThatThrownBy(job::await)
                .hasMessageEndingWith("TimeoutException: Task exceeded maximum timeout value (1 seconds)");
        assertThat(next.await()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void exceptionThatCannotEvenBePrintedFailsItsJobOnly(Isolation isolation) throws Exception {
        var job = queue.enqueue(Deeds::unspeakable);
        var next = queue.enqueue(Sums::add, 1, 2);
        assertThat(worker(isolation).build().run()).isEqualTo(new WorkerTally(1, 1));
        assertThat(next.await()).isEqualTo(3);
        assertThatThrownBy(job::await)
                .isInstanceOfSatisfying(
                        JobFailedException.class,
                        e -> assertThat(e.traceback())
                                .contains("cannot be printed", "at dev.simul.jobs.Deeds.unspeakable(Deeds.java:")
                                .endsWith("Deeds$Unspeakable"));
    }

    @Test
    void threadThatIsDeafIsLeftBehindAndNamesWhereItStands() throws Exception {
        var latch = new CountDownLatch(1);
        Deeds.LATCHES.put("deaf", latch);
        var job = queue.with(o -> o.timeout(Duration.ofSeconds(1))).enqueue(Deeds::deaf, "deaf");
        assertThat(worker(Isolation.THREAD).build().run()).isEqualTo(new WorkerTally(0, 1));
        assertThatThrownBy(job::await)
                .isInstanceOfSatisfying(
                        JobFailedException.class,
                        e -> assertThat(e.traceback())
                                .contains("did not end within", "at dev.simul.jobs.Deeds.deaf(Deeds.java:"));
        latch.countDown();
    }

    @Test
    void childThatDiesFailsItsJobAloneAndSaysHow() throws Exception {
        var exited = queue.enqueue(Deeds::exit, 3);
        var killed = queue.enqueue(Deeds::kill);
        var next = queue.enqueue(Sums::add, 1, 2);
        assertThat(worker(Isolation.PROCESS).build().run()).isEqualTo(new WorkerTally(1, 2));
        assertThat(next.await()).isEqualTo(3);
        assertThatThrownBy(exited::await)
                .isInstanceOfSatisfying(
                        JobFailedException.class,
                        e -> assertThat(e.traceback())
                                .contains("exit code 3", "leaving with 3")
                                .endsWith("Work-horse terminated unexpectedly; waitpid returned 768; "));
        assertThatThrownBy(killed::await)
                .hasMessageEndingWith("Work-horse terminated unexpectedly; waitpid returned 9 (signal 9);");
    }

    @ParameterizedTest
    @CsvSource({
        "-Xmx1, Too small maximum heap",
        "-XX:NoSuchFlag, Unrecognized VM option 'NoSuchFlag'",
        "-javaagent:/no/such.jar, Error opening zip file or JAR manifest missing : /no/such.jar"
    })
    void optionsWithWhichNoChildStartsAreRefusedBeforeAJobIsTaken(String option, String words) {
        assertThatThrownBy(() -> worker(Isolation.PROCESS).childOptions(option).build())
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(
                        "childOptions must be options with which a JVM starts, was " + option + "; it says: ")
                .hasMessageContaining(words);
    }

    @Test
    void childThatEatsItsMemoryFailsItsJobAlone() throws Exception {
        var greedy = queue.enqueue(Deeds::eat);
        var next = queue.enqueue(Sums::add, 1, 2);
        var tally = worker(Isolation.PROCESS).childOptions("-Xmx40m").build().run();
        assertThat(tally).isEqualTo(new WorkerTally(1, 1));
        assertThat(next.await()).isEqualTo(3);
        assertThatThrownBy(greedy::await).hasMessageContaining("Work-horse terminated unexpectedly");
    }
}
