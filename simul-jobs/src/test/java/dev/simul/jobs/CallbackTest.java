package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is called at the end of a job: its own callbacks, the worker's exception handlers. */
class CallbackTest extends OnRedis {
    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() {
        Hooks.SEEN.clear();
        written = new HandWrittenJobs(redis.url());
    }

    @AfterEach
    void tidyUpTest() {
        written.close();
    }

    private static Worker.Builder worker() {
        return Worker.on(redis.url()).functions(Sums.class, Hooks.class).burst(true);
    }

    private Job<Integer> add(String onSuccess) {
        return jobs.queue("default")
                .with(o -> o.id("a").onSuccess(Callback.of(onSuccess)).onFailure(Callback.of("hooks.failed")))
                .enqueue(Sums::add, 1, 2);
    }

    private String traceback() {
        return jobs.job("a", Object.class)
                .map(job -> {
                    try {
                        return "returned " + job.await();
                    } catch (JobFailedException e) {
                        return e.traceback();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .orElseThrow();
    }

    @Test
    void successCallbackGetsTheJobAndItsResult() throws Exception {
        var job = add("hooks.done");
        worker().build().run();
        assertThat(Hooks.SEEN).containsExactly("done a FINISHED 3 true");
        assertThat(job.await()).isEqualTo(3);
    }

    @Test
    void callbackTakesWhatItsParametersAskFor() throws Exception {
        add("hooks.sum");
        worker().build().run();
        add("hooks.plain");
        worker().build().run();
        assertThat(Hooks.SEEN).containsExactly("sum 4 default", "plain");
    }

    @Test
    void methodsAreNamedByReference() throws Exception {
        var queue = jobs.queue("default")
                .with(o -> o.onSuccess(Callback.of(Hooks::done))
                        .onFailure(Callback.of(Hooks::failed).timeout(Duration.ofSeconds(20)))
                        .onStopped(Callback.of(Hooks::stopped)));
        queue.with(o -> o.id("a")).enqueue(Sums::add, 1, 2);
        queue.with(o -> o.id("b")).enqueue(Sums::boom, "no luck");
        assertThat(written.field("b", "failure_callback_name")).isEqualTo("hooks.failed");
        assertThat(written.field("b", "failure_callback_timeout")).isEqualTo("20");
        worker().build().run();
        assertThat(Hooks.SEEN).containsExactly("done a FINISHED 3 true", "failed b FAILED no luck true");
    }

    @Test
    void methodThatAsksForWhatAnEndDoesNotOfferIsRefusedBeforeAnythingIsWritten() {
        var o = JobOptions.DEFAULTS;
        assertThatThrownBy(() -> o.onSuccess(Callback.of(Hooks::greedy)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hooks.greedy(CurrentJob job, Object result, int more) cannot be a success callback:"
                        + " its parameter more is none of CurrentJob, JobClient, and one more for the result");
        assertThatThrownBy(() -> o.onStopped(Callback.of(Hooks::failed)))
                .hasMessageEndingWith("its parameter error is none of CurrentJob and JobClient");
        assertThatThrownBy(() -> o.onFailure(Callback.of(Hooks::sum))).hasMessageContaining("its parameter sum");
        assertThatThrownBy(() -> Callback.of((CurrentJob _) -> {}))
                .hasMessageContaining("give a reference to a static method annotated with @SimulJob");
    }

    @Test
    void successCallbackThatFailsFailsTheJob() throws Exception {
        add("hooks.bad");
        worker().build().run();
        assertThat(traceback()).contains("bad callback");
        assertThat(written.registry("failed:default")).containsExactly("a");
        assertThat(Hooks.SEEN).containsExactly("failed a FAILED bad callback false");
    }

    @Test
    void unknownCallbackFailsTheJobAndSaysWhatToDo() throws Exception {
        add("hooks.nowhere");
        worker().build().run();
        assertThat(traceback()).contains("hooks.nowhere").contains("annotate it with @SimulJob(\"hooks.nowhere\")");
    }

    @Test
    void callbackWithParametersOfAnotherKindFailsTheJobAndNamesThem() throws Exception {
        add("hooks.greedy");
        worker().build().run();
        assertThat(traceback())
                .contains("hooks.greedy(CurrentJob job, Object result, int more)")
                .contains("its parameter more is none of CurrentJob, JobClient, and one more for the result");
        assertThat(Hooks.SEEN).doesNotContain("greedy");
    }

    @Test
    void callbackHasATimeLimitOfItsOwnEvenIfItIgnoresTheInterrupt() throws Exception {
        jobs.queue("default")
                .with(o -> o.id("a").onSuccess(Callback.of("hooks.stubborn", Duration.ofSeconds(1))))
                .enqueue(Sums::add, 1, 2);
        worker().build().run();
        Hooks.stubborn.countDown();
        assertThat(traceback()).contains("success callback hooks.stubborn exceeded maximum timeout value (1 seconds)");
    }

    @Test
    void failureCallbackGetsTheErrorOfEveryAttempt() throws Exception {
        jobs.queue("default")
                .with(o -> o.id("a")
                        .onSuccess(Callback.of("hooks.done"))
                        .onFailure(Callback.of("hooks.failed"))
                        .retry(Retry.of(1)))
                .enqueue(Sums::boom, "no luck");
        worker().build().run();
        assertThat(Hooks.SEEN).containsExactly("failed a FAILED no luck true", "failed a FAILED no luck true");
    }

    @Test
    void failureCallbackThatFailsReplacesTheTracebackAndKeepsTheFirst() throws Exception {
        jobs.queue("default")
                .with(o -> o.id("a").onFailure(Callback.of("hooks.bad")))
                .enqueue(Sums::boom, "no luck");
        worker().build().run();
        assertThat(traceback())
                .contains("Suppressed: java.lang.IllegalStateException: no luck")
                .endsWith("bad callback");
    }

    @Test
    void jobThatCannotBeRunCallsItsFailureCallbackToo() throws Exception {
        jobs.queue("default")
                .with(o -> o.id("a").onFailure(Callback.of("hooks.failed")))
                .enqueue("no.such.function", Object.class);
        worker().build().run();
        assertThat(Hooks.SEEN)
                .singleElement()
                .asString()
                .startsWith("failed a FAILED")
                .contains("no.such.function");
    }

    @Test
    void timeOutReachesTheFailureCallback() throws Exception {
        Sums.gate("slow", 1);
        jobs.queue("default")
                .with(o -> o.id("a").timeout(Duration.ofSeconds(1)).onFailure(Callback.of("hooks.failed")))
                .enqueue(Sums::hold, "slow");
        worker().build().run();
        assertThat(Hooks.SEEN).singleElement().asString().contains("Task exceeded maximum timeout value (1 seconds)");
    }

    @Test
    void damagedCallbackTimeoutIsNoReasonToFail() throws Exception {
        add("hooks.done");
        raw.hset("rq:job:a", "success_callback_timeout", "soon");
        worker().build().run();
        assertThat(Hooks.SEEN).containsExactly("done a FINISHED 3 true");
    }

    @Test
    void everyJobOfAFullBatchGetsItsCallback() throws Exception {
        for (int i = 0; i < 200; i++) {
            jobs.queue("default")
                    .with(o -> o.onSuccess(Callback.of("hooks.done")))
                    .enqueue(Sums::noop);
        }
        assertThat(worker().concurrency(50).build().run()).isEqualTo(new WorkerTally(200, 0));
        assertThat(Hooks.SEEN).hasSize(200);
    }

    @Test
    void handlersAreCalledInTheirOrderUntilOneSaysThatItHasHandledIt() throws Exception {
        jobs.queue("default").with(o -> o.id("a")).enqueue(Sums::boom, "no luck");
        worker().exceptionHandlers(
                        (job, error) -> Hooks.SEEN.add("first " + job.id() + " " + error.getMessage()),
                        (job, error) -> {
                            Hooks.SEEN.add("second " + job.status() + " "
                                    + CurrentJob.get().equals(job));
                            throw new IllegalStateException("a handler that fails");
                        },
                        (job, error) -> !Hooks.SEEN.add("third"),
                        (job, error) -> Hooks.SEEN.add("fourth"))
                .build()
                .run();
        assertThat(Hooks.SEEN).containsExactly("first a no luck", "second FAILED true", "third");
        assertThat(written.registry("failed:default")).containsExactly("a");
    }

    @Test
    void withoutTheDefaultHandlerAFailureIsNotKept() throws Exception {
        jobs.queue("default").with(o -> o.id("a")).enqueue(Sums::boom, "no luck");
        written.deferred("c", "later", List.of("a"), java.util.Map.of("allow_dependency_failures", "1"));
        worker().exceptionHandlers((job, error) -> Hooks.SEEN.add(job.id()))
                .disableDefaultExceptionHandler()
                .build()
                .run();
        assertThat(Hooks.SEEN).containsExactly("a");
        assertThat(written.field("a", "status")).isEqualTo("failed");
        assertThat(written.keys()).doesNotContain("rq:failed:default", "rq:results:a", "rq:wip:default");
        assertThat(written.list("later")).containsExactly("c");
    }

    @Test
    void stoppedCallbackIsCalledAndMayFailWithoutHarm() throws Exception {
        for (var callback : List.of("hooks.stopped", "hooks.bad", "hooks.nowhere")) {
            var gate = Sums.gate(callback, 1);
            jobs.queue("default")
                    .with(o -> o.id("a").onStopped(Callback.of(callback)))
                    .enqueue(Sums::hold, callback);
            var worker = worker().name("stops").build();
            var run = Background.run(worker);
            gate.begun.await();
            raw.publish("rq:pubsub:stops", "{\"command\": \"stop-job\", \"job_id\": \"a\"}");
            assertThat(run.get().stopped()).isEqualTo(1);
            assertThat(written.field("a", "status")).isEqualTo("stopped");
            assertThat(written.registry("failed:default")).containsExactly("a");
        }
        assertThat(Hooks.SEEN).containsExactly("stopped a STOPPED");
    }
}
