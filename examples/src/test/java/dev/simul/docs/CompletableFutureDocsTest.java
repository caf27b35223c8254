package dev.simul.docs;

import static dev.simul.Async.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.BlockingPortal;
import dev.simul.EventLoop;
import dev.simul.KeyboardInterrupt;
import dev.simul.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The snippets of docs/coming-from-completablefuture.md, and those of docs/event-loop.md on callbacks and threads. */
@SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"}) // the reader's code, not ours
class CompletableFutureDocsTest {
    private final List<String> said = new ArrayList<>();

    @Test
    void chainBecomesAMethod() throws Exception {
        assertThat(run(this::greeting)).isEqualTo("Good day, Ada");
    }

    private String greeting() throws Exception {
        String name = fetch("Ada");
        String title = fetch("Good day");
        return title + ", " + name;
    }

    @Test
    void bothAtTheSameTime() throws Exception {
        run(() -> {
            var name = spawn(() -> fetch("Ada"));
            var title = spawn(() -> fetch("Good day"));
            say(title.await() + ", " + name.await());
        });
        assertThat(said).containsExactly("Good day, Ada");
    }

    @Test
    void failureIsCaughtAsAnyOther() throws Exception {
        run(() -> {
            String name;
            try {
                name = timeout(ofMillis(1), () -> slowly("Ada"));
            } catch (TimeoutException e) {
                name = "nobody";
            }
            say(name);
        });
        assertThat(said).containsExactly("nobody");
    }

    @Test
    void cancellationReachesTheWork() throws Exception {
        run(() -> {
            var task = spawn(() -> {
                try {
                    return slowly("Ada");
                } finally {
                    say("cleaned up");
                }
            });
            sleep(ofMillis(1));
            task.cancel("no longer wanted");
            assertThatThrownBy(task::await).hasMessage("no longer wanted");
        });
        assertThat(said).containsExactly("cleaned up");
    }

    @Test
    void futuresAreAwaitedAndTasksAreFutures() throws Exception {
        run(() -> {
            CompletableFuture<String> future = CompletableFuture.supplyAsync(() -> "Ada");
            String name = await(future); // parks this coroutine; cancelling it cancels the future
            CompletableFuture<String> view = spawn(() -> name + "!").toCompletableFuture();
            say(await(view.thenApply(text -> text + "!")));
        });
        assertThat(said).containsExactly("Ada!!");
    }

    @Test
    void callbackOfAnotherLibraryKeepsAPromise() throws Exception {
        run(() -> {
            var answer = Promise.<String>outside("the answer");
            new Thread(() -> answer.complete("42")).start(); // any library's callback
            say(answer.await());
        });
        assertThat(said).containsExactly("42");
    }

    @Test
    void loopIsAnExecutor() throws Exception {
        run(() -> {
            var loop = currentLoop();
            var done = CompletableFuture.supplyAsync(() -> "Ada")
                    .thenAcceptAsync(this::say, loop); // on the loop's thread: no lock needed
            await(done);
        });
        assertThat(said).containsExactly("Ada");
    }

    @Test
    void portalCallsCoroutines() throws Exception {
        try (var portal = BlockingPortal.start()) {
            String name = portal.call(() -> fetch("Ada")); // waits, as any method does
            say(name);
        }
        assertThat(said).containsExactly("Ada");
    }

    @Test
    void blockingWorkRunsOnAThreadAndComesBack() throws Exception {
        run(() -> {
            var report = onThread(() -> {
                String name = fromThread(() -> fetch("Ada")); // back in the loop, for a moment
                checkCancelled(); // where it would be convenient to end
                return "report for " + name;
            });
            say(report.await());
        });
        assertThat(said).containsExactly("report for Ada");
    }

    @Test
    void loopRunsUntilItIsStopped() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.onError(context -> say(context.message() + ": " + context.exception()));
            loop.callSoon(() -> say("first"));
            var never = loop.callLater(ofSeconds(10), () -> say("never"));
            loop.callLater(ofMillis(1), () -> {
                never.cancel();
                loop.stop();
            });
            loop.runForever();
        }
        assertThat(said).containsExactly("first");
    }

    @Test
    void ctrlCCanBeCaught() throws Exception {
        try {
            run(() -> serve());
        } catch (KeyboardInterrupt e) {
            say("good bye"); // uncaught, it ends the JVM with exit code 130
        }
        assertThat(said).containsExactly("served");
    }

    private void serve() {
        say("served");
    }

    private static String fetch(String text) {
        sleep(ofMillis(1));
        return text;
    }

    private static String slowly(String text) {
        sleep(ofSeconds(10));
        return text;
    }

    private void say(String text) {
        said.add(text);
    }
}
