package dev.simul.jobs.internal.redis;

import dev.simul.jobs.RedisUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with Redis, in words that say what to do. */
final class Trouble {
    private Trouble() {}

    static RedisUnavailableException connecting(RedisAddress address, Throwable e) {
        var root = root(e);
        if (root instanceof RedisCommandExecutionException
                && String.valueOf(root.getMessage()).contains("DB index")) {
            return new RedisUnavailableException(
                    "Redis at " + address + " has no database "
                            + address.uri().getDatabase() + " (" + root.getMessage()
                            + "); give a smaller number after the last / of its URL, or raise its setting databases (16 if"
                            + " not said)",
                    e);
        }
        if (root instanceof RedisCommandExecutionException) {
            return new RedisUnavailableException(
                    "Redis at " + address + " does not let us in (" + root.getMessage() + ")" + letIn(address, root),
                    e);
        }
        var reason = Reason.of(root);
        if (address.uri().isSsl() && reason.what.contains("timed out")) {
            reason = new Reason(reason.what, "if it does not speak TLS, give redis:// instead of rediss://");
        }
        return new RedisUnavailableException("no Redis at " + address + " (" + reason.what + "); " + reason.wayOut, e);
    }

    private static String letIn(RedisAddress address, Throwable root) {
        var said = String.valueOf(root.getMessage());
        if (said.contains("max number of clients")) {
            return "; raise its maxclients, or end some of its clients";
        }
        return "; give user and password as " + (address.uri().isSsl() ? "rediss" : "redis")
                + "://user:password@host:port, or as SIMUL_REDIS_USERNAME and SIMUL_REDIS_PASSWORD";
    }

    static RedisUnavailableException using(
            RedisAddress address, Duration patience, Throwable cause, @Nullable Throwable whyNoReconnect) {
        if (cause instanceof RedisCommandExecutionException refused) {
            return new RedisUnavailableException(
                    "Redis at " + address + " refused: " + refused.getMessage() + advice(Refusal.of(refused)), refused);
        }
        if (cause instanceof TimeoutException) {
            var seconds = patience.toMillis() % 1000 == 0 ? patience.toSeconds() + " s" : patience.toMillis() + " ms";
            return new RedisUnavailableException(
                    "Redis at " + address + " has not answered for " + seconds
                            + (whyNoReconnect == null
                                    ? ""
                                    : "; reconnecting fails: " + Reason.of(root(whyNoReconnect)).what),
                    cause);
        }
        return new RedisUnavailableException("lost Redis at " + address + " (" + cause.getMessage() + ")", cause);
    }

    private static String advice(Refusal refusal) {
        return switch (refusal) {
            case OUT_OF_MEMORY -> " (raise its maxmemory, or let failed and finished jobs expire sooner)";
            case CANNOT_SAVE -> " (look at its disk and its log; it takes no writes until it can save again)";
            case READ_ONLY -> " (this is a replica; give the address of its primary, or of the sentinels)";
            case NO_PERMISSION -> " (grant this to the user: docs/jobs.md says what a worker needs)";
            case MOVED -> " (a cluster has moved our keys; connect anew)";
            default -> "";
        };
    }

    private static Throwable root(Throwable e) {
        var root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** Why there is no connection, and what helps. */
    private record Reason(String what, String wayOut) {
        private static final String START = "start one, or give --redis redis://host:port";

        static Reason of(Throwable root) {
            var message = String.valueOf(root.getMessage());
            if (message.contains("certification path") || message.contains("PKIX")) {
                return new Reason(
                        "its certificate is signed by nobody we trust",
                        "name the authority: tls(Tls.trusting(file)), ?ssl_ca_certs=file or SIMUL_REDIS_CA_FILE");
            }
            if (message.contains("subject alternative") || message.contains("No name matching")) {
                return new Reason(message, "connect by a name of the certificate, or let Tls.Verify.CA skip the name");
            }
            if (message.contains("not an SSL/TLS record") || message.contains("handshake timed out")) {
                return new Reason("it does not speak TLS", "give redis:// instead of rediss://");
            }
            if (root instanceof SSLException) {
                return new Reason(
                        message, "if it asks for a client certificate: Tls.clientCertificate(certificate, key)");
            }
            return switch (root) {
                case ConnectException _ -> new Reason("connection refused", START);
                case UnknownHostException _ -> new Reason("unknown host", START);
                default ->
                    // Netty's resolver has a type of its own
                    new Reason(message.contains("NXDOMAIN") ? "unknown host" : message, START);
            };
        }
    }
}
