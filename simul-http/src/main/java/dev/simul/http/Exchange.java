package dev.simul.http;

import dev.simul.Promise;
import dev.simul.Task;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request on its way: waits for a place, is sent, is read to the end of its body.
 *
 * <p>Answer, failure, deadline and cancellation race to complete {@link #end}; whichever wins, the connection is
 * aborted if it is still busy and the place is given back exactly once. The deadline is ours because
 * {@link HttpRequest#timeout()} of JDK 25 stops counting at the headers (JDK-8208693).
 */
@SuppressWarnings("FutureReturnValueIgnored") // every stage ends in `end`, and what it throws with it
final class Exchange {
    private final HttpClient client;
    private final HttpRequest request;
    private final Duration timeout;
    private final long maxBodyBytes;
    private final CompletableFuture<HttpResponse> end = new CompletableFuture<>();

    Exchange(HttpClient client, HttpRequest request, Duration timeout, long maxBodyBytes) {
        this.client = client;
        this.request = request;
        this.timeout = timeout;
        this.maxBodyBytes = maxBodyBytes;
    }

    Task<HttpResponse> start(ConnectionLimit limit) {
        var promise = Promise.<HttpResponse>outside(describe(request));
        promise.onCancel(_ -> end.cancel(true));
        end.whenComplete((response, error) -> {
            if (error == null) {
                promise.complete(response);
            } else {
                promise.fail(explain(error));
            }
        });
        end.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        var place = limit.take();
        end.whenComplete((_, _) -> place.cancel(true));
        place.thenRun(() -> send(limit));
        return promise;
    }

    private void send(ConnectionLimit limit) {
        end.whenComplete((_, _) -> limit.giveBack());
        if (end.isDone()) {
            return;
        }
        try {
            var body = BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBodyBytes);
            var sent = client.sendAsync(request, body);
            end.whenComplete((_, _) -> sent.cancel(true));
            sent.thenApply(this::decode).whenComplete((response, error) -> {
                if (error == null) {
                    end.complete(response);
                } else {
                    end.completeExceptionally(error);
                }
            });
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private HttpResponse decode(java.net.http.HttpResponse<byte[]> answer) {
        try {
            return HttpResponse.of(answer, maxBodyBytes);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Method and address, as every error text begins. */
    static String describe(HttpRequest request) {
        return request.method() + " " + request.uri();
    }

    private IOException explain(Throwable error) {
        var what = describe(request) + ": ";
        if (error instanceof TimeoutException) {
            return new HttpTimeoutException(
                    what + "no complete answer within the session's timeout of " + timeout.toMillis() / 1000.0 + " s");
        }
        var uri = request.uri();
        var refused = false;
        var root = error;
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof UnresolvedAddressException) {
                return caused(new UnknownHostException(what + "unknown host " + uri.getHost()), error);
            }
            refused |= e instanceof ConnectException;
            root = e;
        }
        if (refused) {
            return caused(new ConnectException(what + "could not connect to " + uri.getAuthority()), error);
        }
        var reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return new IOException(what + reason, error);
    }

    private static IOException caused(IOException explained, Throwable cause) {
        explained.initCause(cause);
        return explained;
    }
}
