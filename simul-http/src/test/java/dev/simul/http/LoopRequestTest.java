package dev.simul.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Async;
import dev.simul.TaskGroup;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LoopRequestTest {

    @Test
    void requestsOfOneLoopAreUnderWayTogether() throws Exception {
        int together = 8;
        var barrier = new CyclicBarrier(together); // nobody is answered before all have asked
        try (var pages = new Pages()) {
            pages.page("/", exchange -> {
                try {
                    barrier.await();
                    exchange.sendResponseHeaders(204, -1);
                } catch (Exception e) {
                    exchange.sendResponseHeaders(500, -1);
                }
            });
            var statuses = Async.run(() -> {
                try (var session = HttpSession.open();
                        var group = TaskGroup.<Integer>open()) {
                    for (int i = 0; i < together; i++) {
                        group.fork(() -> session.get(pages.url("/")).status());
                    }
                    return group.join();
                }
            });
            assertThat(statuses).hasSize(together).containsOnly(204);
        }
    }

    @Test
    void cancelledCoroutineAbortsItsRequest() throws Exception {
        try (var server = new BrokenServer("", false);
                var session = HttpSession.open()) {
            var cleanedUp = new AtomicBoolean();
            Async.run(() -> {
                var reader = Async.spawn(() -> {
                    try {
                        return session.get(server.url());
                    } finally {
                        cleanedUp.set(true);
                    }
                });
                Async.on(task -> Thread.ofVirtual().start(task), () -> {
                            server.awaitRequest();
                            return null;
                        })
                        .await();
                reader.cancel();
            });
            assertThat(cleanedUp).isTrue();
            server.awaitClientGone();
        }
    }

    @Test
    void timeoutOfTheLoopEndsARequest() throws Exception {
        try (var server = new BrokenServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", false);
                var session = HttpSession.open()) {
            assertThatThrownBy(() ->
                            Async.run(() -> Async.timeout(Duration.ofMillis(300), () -> session.get(server.url()))))
                    .isInstanceOf(TimeoutException.class);
            server.awaitClientGone();
        }
    }
}
