package dev.simul.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenRequestTest {

    @Test
    void unknownHostIsNamed() {
        try (var session = HttpSession.open()) {
            assertThatThrownBy(() -> session.get("http://no-such-host.invalid/page"))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessage("GET http://no-such-host.invalid/page: unknown host no-such-host.invalid");
        }
    }

    @Test
    void closedPortIsNamed() throws IOException {
        int port;
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (var session = HttpSession.open()) {
            assertThatThrownBy(() -> session.get("http://127.0.0.1:" + port + "/"))
                    .isInstanceOf(ConnectException.class)
                    .hasMessage("GET http://127.0.0.1:" + port + "/: could not connect to 127.0.0.1:" + port);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // hangs up without a word
                "HTTP/1.1 200 OK\r\nContent-Le", // in the headers
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", // in the body
                "SSH-2.0-OpenSSH_9.2\r\n\r\n", // speaks something else
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"
            })
    void brokenAnswerNamesTheUrl(String answer) throws Exception {
        try (var server = new BrokenServer(answer, true);
                var session = HttpSession.open()) {
            assertThatThrownBy(() -> session.get(server.url()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("GET " + server.url() + ": ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"})
    void timeoutCoversHeadersAndBodyAndClosesTheConnection(String answer) throws Exception {
        try (var server = new BrokenServer(answer, false);
                var session =
                        HttpSession.builder().timeout(Duration.ofMillis(300)).open()) {
            assertThatThrownBy(() -> session.get(server.url()))
                    .isInstanceOf(HttpTimeoutException.class)
                    .hasMessage("GET " + server.url() + ": no complete answer within the session's timeout of 0.3 s");
            server.awaitClientGone();
        }
    }

    @Test
    void timeoutCoversTheWaitForAPlace() throws Exception {
        try (var server = new BrokenServer("", false);
                var session = HttpSession.builder()
                        .connectionLimit(1)
                        .timeout(Duration.ofMillis(300))
                        .open()) {
            var first = session.start(server.url());
            var second = session.start(server.url());
            assertThatThrownBy(first::await).isInstanceOf(HttpTimeoutException.class);
            assertThatThrownBy(second::await).isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void cancelledRequestClosesItsConnection() throws Exception {
        try (var server = new BrokenServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", false);
                var session = HttpSession.open()) {
            var task = session.start(server.url());
            server.awaitRequest();
            assertThat(task.cancel()).isTrue();
            server.awaitClientGone();
            assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void interruptedThreadAbortsItsRequest() throws Exception {
        try (var server = new BrokenServer("", false);
                var session = HttpSession.open()) {
            var waiter = Thread.ofVirtual()
                    .unstarted(() -> assertThatThrownBy(() -> session.get(server.url()))
                            .isInstanceOf(InterruptedIOException.class));
            waiter.start();
            server.awaitRequest();
            waiter.interrupt();
            server.awaitClientGone();
            waiter.join();
        }
    }

    @Test
    void closingTheSessionFailsWhatIsUnderWay() throws Exception {
        try (var server = new BrokenServer("", false)) {
            var session = HttpSession.open();
            var task = session.start(server.url());
            server.awaitRequest();
            session.close();
            assertThatThrownBy(task::await)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("GET " + server.url());
            assertThatThrownBy(() -> session.get(server.url()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("GET " + server.url());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "/path", "ftp://example.org/", "http:///nohost", "http://bad host/"})
    void addressThatIsNoneIsRefused(String url) {
        try (var session = HttpSession.open()) {
            assertThatThrownBy(() -> session.get(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("absolute http or https address")
                    .hasMessageEndingWith("was \"" + url + "\"");
        }
    }
}
