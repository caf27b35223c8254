package dev.simul.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpSessionTest {
    private Pages pages;

    @BeforeEach
    void open() throws IOException {
        pages = new Pages();
    }

    @AfterEach
    void close() {
        pages.close();
    }

    @Test
    void pageArrivesWithStatusHeadersAndText() throws IOException {
        pages.page("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=ISO-8859-1");
            var body = "größer".getBytes(StandardCharsets.ISO_8859_1);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        try (var session = HttpSession.open()) {
            var response = session.get(pages.url("/"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("content-type")).hasValue("text/plain; charset=ISO-8859-1");
            assertThat(response.text()).isEqualTo("größer");
            assertThat(response.bytes()).hasSize(6);
        }
    }

    @Test
    void unknownCharsetIsReadAsUtf8() throws IOException {
        pages.page("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=klingon");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("é".getBytes(StandardCharsets.UTF_8));
        });
        try (var session = HttpSession.open()) {
            assertThat(session.get(pages.url("/")).text()).isEqualTo("é");
        }
    }

    @Test
    void statusIsNoExceptionUntilAskedFor() throws IOException {
        pages.page("/", exchange -> exchange.sendResponseHeaders(404, -1));
        try (var session = HttpSession.open()) {
            var response = session.get(pages.url("/nowhere"));
            assertThat(response.status()).isEqualTo(404);
            assertThatThrownBy(response::requireOk)
                    .isInstanceOfSatisfying(
                            HttpStatusException.class,
                            e -> assertThat(e.status()).isEqualTo(404))
                    .hasMessage("GET " + pages.url("/nowhere") + ": answered with status 404");
        }
    }

    @Test
    void redirectIsFollowedAndCredentialsStayWithTheirOrigin() throws IOException {
        try (var elsewhere = new Pages()) {
            var seen = new ArrayList<String>();
            elsewhere.page("/new", exchange -> {
                seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                exchange.sendResponseHeaders(204, -1);
            });
            pages.page("/old", exchange -> {
                exchange.getResponseHeaders().set("Location", elsewhere.url("/new"));
                exchange.sendResponseHeaders(302, -1);
            });
            try (var session = HttpSession.builder()
                    .header("Authorization", "Bearer secret")
                    .open()) {
                var response = session.get(pages.url("/old"));
                assertThat(response.status()).isEqualTo(204);
                assertThat(response.uri()).hasToString(elsewhere.url("/new"));
            }
            assertThat(seen).containsExactly("null");
        }
    }

    @Test
    void gzipIsDecoded() throws IOException {
        pages.page("/", exchange -> {
            var body = gzip("seven words are packed in this page".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseHeaders()
                    .set("Content-Encoding", exchange.getRequestHeaders().getFirst("Accept-Encoding"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        try (var session = HttpSession.open()) {
            assertThat(session.get(pages.url("/")).text()).isEqualTo("seven words are packed in this page");
        }
    }

    @Test
    void bodyBeyondItsLimitFailsBothAsSentAndAsDecoded() throws IOException {
        pages.text("/plain", "x".repeat(1001)).text("/fits", "x".repeat(1000)).page("/bomb", exchange -> {
            var body = gzip(new byte[1_000_000]);
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        });
        try (var session = HttpSession.builder().maxBodyBytes(1000).open()) {
            assertThat(session.get(pages.url("/fits")).bytes()).hasSize(1000);
            assertThatThrownBy(() -> session.get(pages.url("/plain")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(pages.url("/plain"))
                    .hasMessageContaining("1000");
        }
        try (var session = HttpSession.builder().maxBodyBytes(2000).open()) {
            assertThatThrownBy(() -> session.get(pages.url("/bomb")))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("decoded body exceeds maxBodyBytes 2000");
        }
    }

    @Test
    void requestsOwnHeaderWinsOverTheSessions() throws IOException {
        var seen = Collections.synchronizedList(new ArrayList<String>());
        pages.page("/", exchange -> {
            seen.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("X-Who") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
        });
        try (var session = HttpSession.builder().header("X-Who", "session").open()) {
            session.get(pages.url("/"));
            session.send(HttpRequest.newBuilder(java.net.URI.create(pages.url("/")))
                    .header("X-Who", "request")
                    .POST(BodyPublishers.ofString("body"))
                    .build());
        }
        assertThat(seen).containsExactly("GET session ", "POST request body");
    }

    @Test
    void noMoreRequestsAreUnderWayThanTheLimitAllows() throws Exception {
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var gate = new Semaphore(0);
        pages.page("/", exchange -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            if (inside.get() == 3) {
                gate.release(12);
            }
            gate.acquireUninterruptibly();
            inside.decrementAndGet();
            exchange.sendResponseHeaders(204, -1);
        });
        try (var session = HttpSession.builder().connectionLimit(3).open()) {
            var tasks = new ArrayList<dev.simul.Task<HttpResponse>>();
            for (int i = 0; i < 12; i++) {
                tasks.add(session.start(pages.url("/")));
            }
            for (var task : tasks) {
                assertThat(task.await().status()).isEqualTo(204);
            }
        }
        assertThat(most).hasValue(3);
    }

    @Test
    void waiterThatGaveUpLosesItsPlaceToTheNext() throws Exception {
        var gate = new Semaphore(0);
        pages.page("/slow", exchange -> {
            gate.acquireUninterruptibly();
            exchange.sendResponseHeaders(204, -1);
        });
        pages.text("/", "there");
        try (var session = HttpSession.builder().connectionLimit(1).open()) {
            var slow = session.start(pages.url("/slow"));
            var impatient = session.start(pages.url("/"));
            var patient = session.start(pages.url("/"));
            impatient.cancel();
            gate.release();
            assertThat(slow.await().status()).isEqualTo(204);
            assertThat(patient.await().text()).isEqualTo("there");
        }
    }

    @Test
    void settingsOutOfBoundsAreNamed() {
        assertThatThrownBy(() -> HttpSession.builder().connectionLimit(0))
                .hasMessage("connectionLimit must be at least 1, was 0");
        assertThatThrownBy(() -> HttpSession.builder().timeout(java.time.Duration.ZERO))
                .hasMessage("timeout must be longer than zero, was PT0S");
        assertThatThrownBy(() -> HttpSession.builder().maxBodyBytes(-1)).hasMessageContaining("was -1");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }
}
