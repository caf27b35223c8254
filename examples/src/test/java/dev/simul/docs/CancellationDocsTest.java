package dev.simul.docs;

import static dev.simul.Async.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.CancelScope;
import dev.simul.CancelledError;
import dev.simul.Deadline;
import dev.simul.TaskGroup;
import dev.simul.Timeout;
import dev.simul.test.AsyncTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** The snippets of docs/cancellation.md, on virtual time. */
class CancellationDocsTest {
    private final List<String> log = new ArrayList<>();
    private final Connection connection = new Connection();
    private Duration queryTakes = ofMillis(1);

    @AsyncTest
    void taskIsAskedToEnd() throws Exception {
        var download = spawn(() -> download("big.iso"));
        sleep(ofMillis(10));
        download.cancel("the user closed the window");
        try {
            download.await();
        } catch (CancelledError e) {
            log.add("stopped: " + e.reason());
        }
        assertThat(log).containsExactly("stopped: the user closed the window");
    }

    @AsyncTest
    void whoCatchesItThrowsItOn() {
        queryTakes = ofHours(1);
        var task = spawn(() -> logged());
        sleep(ofMillis(1));
        task.cancel();
        assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        assertThat(log).hasSize(1);
    }

    private String logged() throws Exception {
        try {
            return query();
        } catch (Throwable e) {
            log.add("failed: " + e);
            throw e;
        }
    }

    @AsyncTest
    void timeoutGivesUp() throws Exception {
        queryTakes = ofHours(1);
        assertThat(inTime()).isEqualTo("gave up");
        assertThat(timeoutOrNull(ofSeconds(1), () -> query())).isNull();
    }

    private String inTime() throws Exception {
        try {
            return timeout(ofSeconds(1), () -> query());
        } catch (TimeoutException e) {
            return "gave up";
        }
    }

    @AsyncTest
    void limitIsMovedAsLongAsThereIsProgress() throws Exception {
        var parts = List.of("one", "two", "three");
        var patience = Timeout.after(ofSeconds(5));
        patience.run(() -> {
            for (var part : parts) {
                upload(part);
                patience.reschedule(ofSeconds(5)); // five seconds without progress are too many
            }
        });
        assertThat(log).containsExactly("one", "two", "three");
    }

    @AsyncTest
    void deadlineIsHandedDown() throws Exception {
        var deadline = Deadline.after(ofSeconds(2));
        var user = deadline(deadline, () -> fetch("user"));
        var orders = deadline(deadline, () -> fetch("orders"));
        assertThat(user + " " + orders).isEqualTo("user orders");
    }

    @AsyncTest
    void scopeEndsADownload() throws Exception {
        var mirrors = List.of("far away", "further away");
        var scope = CancelScope.after(ofSeconds(5));
        scope.run(() -> {
            for (var mirror : mirrors) {
                download(mirror);
            }
        });
        if (scope.cancelledCaught()) {
            log.add("five seconds were not enough");
        }
        assertThat(log).containsExactly("five seconds were not enough");
    }

    @AsyncTest
    void shortFormsOfScopes() throws Exception {
        var answer = CancelScope.moveOnAfter(ofSeconds(1), () -> query()); // null when the time is over
        var surely = CancelScope.failAfter(ofSeconds(10), () -> query()); // TimeoutException when the time is over
        assertThat(answer).isEqualTo("answer");
        assertThat(surely).isEqualTo("answer");
    }

    @AsyncTest
    void cleanUpIsShielded() throws Exception {
        CancelScope.moveOnAfter(ofMillis(50), () -> talk());
        assertThat(log).containsExactly("data", "goodbye");
    }

    private void talk() throws Exception {
        try {
            connection.send("data");
            sleep(ofHours(1));
        } finally {
            CancelScope.after(ofSeconds(1)).shield(true).run(() -> connection.sayGoodbye());
        }
    }

    @AsyncTest
    void groupEndsAsAWhole() throws Exception {
        TaskGroup.within(group -> {
            group.fork("left", () -> fetch("left"));
            group.fork("right", () -> fetch("right"));
            group.forkDaemon("progress", () -> showProgress());
            return fetch("middle");
        });
        assertThat(log).containsExactly("progress");
    }

    @AsyncTest
    void supervisorKeepsTheOthers() throws Exception {
        TaskGroup.supervise((task, error) -> log.add(task.name() + " failed"), group -> {
            group.fork("flaky", () -> fail());
            return group.fork("steady", () -> fetch("page")).await();
        });
        assertThat(log).containsExactly("flaky failed");
    }

    @AsyncTest
    void startWaitsUntilThePortIsBound() throws Exception {
        TaskGroup.within(group -> {
            int port = group.start(status -> {
                int bound = bind();
                status.started(bound);
                serve();
            });
            assertThat(port).isEqualTo(8080);
            return true;
        });
        assertThat(log).containsExactly("served");
    }

    private String query() {
        sleep(queryTakes);
        return "answer";
    }

    private static String download(String what) {
        sleep(ofHours(1));
        return what;
    }

    private void upload(String part) {
        sleep(ofSeconds(4));
        log.add(part);
    }

    private static String fetch(String what) {
        sleep(ofMillis(10));
        return what;
    }

    private void showProgress() {
        while (true) {
            log.add("progress");
            sleep(ofSeconds(1));
        }
    }

    private static String fail() {
        throw new IllegalStateException("flaky");
    }

    private static int bind() {
        sleep(ofMillis(1));
        return 8080;
    }

    private void serve() {
        sleep(ofMillis(5));
        log.add("served");
    }

    private final class Connection {
        void send(String text) {
            log.add(text);
        }

        void sayGoodbye() {
            sleep(ofMillis(1));
            log.add("goodbye");
        }
    }
}
