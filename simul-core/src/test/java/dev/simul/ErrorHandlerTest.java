package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is told of errors that no code awaits (asyncio: set_exception_handler and call_exception_handler). */
class ErrorHandlerTest {

    private final List<ErrorContext> told = new ArrayList<>();

    @Test
    void handlerIsToldOfACallbacksErrorWithItsHandle() throws Exception {
        var failure = new IllegalStateException("callback");
        var handle = new Handle[2];
        try (var loop = EventLoop.open()) {
            loop.onError(told::add);
            handle[0] = loop.callSoon(() -> throwIt(failure));
            handle[1] = loop.callLater(Duration.ZERO, () -> throwIt(failure));
            loop.stop();
            loop.runForever();
        }

        assertThat(told)
                .containsExactly(
                        new ErrorContext("exception in callback", failure, null, handle[0], null),
                        new ErrorContext("exception in callback", failure, null, handle[1], null));
    }

    @Test
    void withoutAHandlerErrorsAreLogged() throws Exception {
        try (var logged = new LoggedMessages();
                var loop = EventLoop.open()) {
            loop.onError(told::add);
            loop.onError(null);
            assertThat(loop.onError()).isNull();
            loop.report(new ErrorContext("told by hand", null, null, null, "something"));
            loop.callSoon(new Runnable() {
                @Override
                public void run() {
                    throw new IllegalStateException("callback");
                }

                @Override
                public String toString() {
                    return "the bad one";
                }
            });
            loop.stop();
            loop.runForever();

            assertThat(logged.messages())
                    .containsExactly("told by hand: something", "exception in callback: Handle[the bad one]");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void brokenHandlerIsLoggedWithWhatItWasToldAndTheLoopGoesOn() throws Exception {
        try (var logged = new LoggedMessages();
                var loop = EventLoop.open()) {
            var original = new IllegalStateException("original");
            loop.onError(_ -> {
                throw new AssertionError("broken");
            });
            loop.callSoon(() -> throwIt(original));
            assertThat(loop.<Integer>run(() -> {
                        sleep(Duration.ZERO);
                        return 42;
                    }))
                    .isEqualTo(42);

            assertThat(logged.messages())
                    .singleElement()
                    .asString()
                    .startsWith("unhandled error in the error handler, which was told: exception in callback: Handle[");
            assertThat(logged.errors()).singleElement().satisfies(error -> {
                assertThat(error).hasMessage("broken");
                assertThat(error.getSuppressed()).containsExactly(original);
            });
        }
    }

    @Test
    void handlerMayLogToo() {
        try (var logged = new LoggedMessages();
                var loop = EventLoop.open()) {
            loop.onError(EventLoop::log);
            loop.report(ErrorContext.of("twice", new IllegalStateException()));

            assertThat(logged.messages()).containsExactly("twice");
        }
    }

    @Test
    void handlerIsToldOfAFailureThatNobodyLookedAt() throws Exception {
        var failure = new IllegalStateException("unseen");
        try (var loop = EventLoop.open()) {
            loop.onError(told::add);
            loop.run(() -> {
                spawn("lonely", () -> throwIt(failure));
                sleep(Duration.ZERO);
            });
        }

        assertThat(told).singleElement().satisfies(context -> {
            assertThat(context.message()).isEqualTo("task lonely failed and nobody looked");
            assertThat(context.exception()).isSameAs(failure);
        });
    }

    @Test
    void handlerRunsInTheContextOfTheCallbackThatFailed() throws Exception {
        var user = TaskLocal.of("user", "nobody");
        List<String> seen = new ArrayList<>();
        try (var loop = EventLoop.open()) {
            loop.onError(_ -> seen.add(user.get()));
            loop.run(() -> {
                user.where("ada", () -> loop.callSoon(() -> throwIt(new IllegalStateException("soon"))));
                user.where(
                        "grace", () -> loop.callLater(Duration.ZERO, () -> throwIt(new IllegalStateException("late"))));
                user.where("edsger", () -> {
                    var task = spawn(() -> 1);
                    task.onDone(_ -> throwIt(new IllegalStateException("done")));
                });
                sleep(Duration.ofMillis(1));
            });
        }

        assertThat(seen).containsExactlyInAnyOrder("ada", "grace", "edsger");
    }

    @Test
    void handlerIsToldOfTheErrorOfAnOnDoneCallback() throws Exception {
        var failure = new IllegalStateException("done");
        try (var loop = EventLoop.open()) {
            loop.onError(told::add);
            loop.run(() -> {
                var task = spawn("named", () -> 1);
                task.onDone(_ -> throwIt(failure));
                task.await();
                sleep(Duration.ZERO);
            });
        }

        assertThat(told).singleElement().satisfies(context -> {
            assertThat(context.message()).isEqualTo("a callback of task named failed");
            assertThat(context.exception()).isSameAs(failure);
        });
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }
}
