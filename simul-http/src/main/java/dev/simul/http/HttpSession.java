package dev.simul.http;

import dev.simul.Task;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A client that keeps its connections, its limits and its headers between requests.
 *
 * <p>Waiting for an answer parks the coroutine that asked, never its loop; outside a loop it parks the thread. A
 * cancelled wait aborts the request and closes its connection. Redirects are followed (five at most, and never from
 * https down to http), gzip is decoded, bodies are read to their end into memory. HTTP/1.1 only.
 *
 * <p>Thread: any. Times are the machine's, not a loop's virtual clock, because the other side does not share that clock.
 *
 * @see <a href="https://docs.aiohttp.org/en/stable/client_reference.html">aiohttp.ClientSession, whose limits these are</a>
 */
public final class HttpSession implements AutoCloseable {
    private final HttpClient client;
    private final ConnectionLimit limit;
    private final Duration timeout;
    private final long maxBodyBytes;
    private final List<String> headers;

    private HttpSession(Builder builder) {
        this.limit = new ConnectionLimit(builder.connectionLimit);
        this.timeout = builder.timeout;
        this.maxBodyBytes = builder.maxBodyBytes;
        this.headers = List.copyOf(builder.headers);
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    /** A session with 100 connections at most and five minutes for each request, as aiohttp has it. */
    public static HttpSession open() {
        return builder().open();
    }

    /** A session with other settings. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Fetches one page, whatever its status.
     *
     * @param url an absolute http or https address
     * @throws IOException naming the URL and the cause: unknown host, refused connection, broken answer
     * @throws java.net.http.HttpTimeoutException if the last byte was not there within the session's time-out
     * @throws IllegalArgumentException if the address is not one
     */
    public HttpResponse get(String url) throws IOException {
        return get(address(url));
    }

    /** As {@link #get(String)}. */
    public HttpResponse get(URI url) throws IOException {
        return send(HttpRequest.newBuilder(url).build());
    }

    /** Sends any request; the session adds its headers where the request has none of that name. */
    public HttpResponse send(HttpRequest request) throws IOException {
        var task = start(request);
        try {
            return task.await();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(Exchange.describe(request) + ": interrupted").initCause(e);
        } catch (Exception e) {
            throw new IOException(Exchange.describe(request) + ": " + e.getMessage(), e);
        } finally {
            task.cancel(); // nobody waits any more; without effect on an answer that is there
        }
    }

    /** Starts to fetch a page and returns at once; for generators, and for waiting later. Cancelling the task aborts it. */
    public Task<HttpResponse> start(String url) {
        return start(HttpRequest.newBuilder(address(url)).build());
    }

    /** Starts any request and returns at once. */
    public Task<HttpResponse> start(HttpRequest request) {
        var complete = HttpRequest.newBuilder(request, (_, _) -> true);
        for (int i = 0; i < headers.size(); i += 2) {
            if (request.headers().firstValue(headers.get(i)).isEmpty()) {
                complete.setHeader(headers.get(i), headers.get(i + 1));
            }
        }
        return new Exchange(client, complete.build(), timeout, maxBodyBytes).start(limit);
    }

    /** Aborts what is under way and closes all connections. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }

    private static URI address(String url) {
        try {
            var uri = URI.create(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(notAnAddress(url), e);
        }
        throw new IllegalArgumentException(notAnAddress(url));
    }

    private static String notAnAddress(String url) {
        return "url must be an absolute http or https address such as https://example.org/, was \"" + url + "\"";
    }

    /** The settings of a session. */
    public static final class Builder {
        private Duration timeout = Duration.ofMinutes(5);
        private int connectionLimit = 100;
        private long maxBodyBytes = 64L << 20;
        private final List<String> headers = new ArrayList<>(List.of("Accept-Encoding", "gzip"));

        private Builder() {}

        /**
         * How long one request may take, from asking for a connection to the last byte of the body; five minutes unless
         * set.
         */
        public Builder timeout(Duration timeout) {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("timeout must be longer than zero, was " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /** How many requests are under way at once, 100 unless set; further ones wait their turn in order. */
        public Builder connectionLimit(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("connectionLimit must be at least 1, was " + connections);
            }
            this.connectionLimit = connections;
            return this;
        }

        /** How large a body may be, as sent and as decoded, 64 MiB unless set; a larger one fails its request. */
        public Builder maxBodyBytes(long bytes) {
            if (bytes < 0 || bytes > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException(
                        "maxBodyBytes must be between 0 and " + (Integer.MAX_VALUE - 8) + ", was " + bytes);
            }
            this.maxBodyBytes = bytes;
            return this;
        }

        /** A header for every request of the session that does not set it itself. */
        public Builder header(String name, String value) {
            headers.add(Objects.requireNonNull(name));
            headers.add(Objects.requireNonNull(value));
            return this;
        }

        /** Opens the session. */
        public HttpSession open() {
            return new HttpSession(this);
        }
    }
}
