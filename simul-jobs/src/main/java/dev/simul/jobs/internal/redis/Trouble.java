package dev.simul.jobs.internal.redis;

import dev.simul.jobs.RedisUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with Redis, in words that say what to do. */
final class Trouble {
    private static final Pattern IN_A_SCRIPT =
            Pattern.compile("^ERR Error running script \\(.*?\\): @\\w+:\\d+: @\\w+: \\d+: -(?=[A-Z]+ )");

    private Trouble() {}

    /** Why there is no connection; the first time, what answers there instead is looked at. */
    static RedisUnavailableException connecting(RedisAddress address, Throwable e, boolean atStart) {
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
        var reason = atStart ? lookedAt(address, Reason.of(root)) : Reason.of(root);
        return new RedisUnavailableException("no Redis at " + address + " (" + reason.what + "); " + reason.wayOut, e);
    }

    private static Reason lookedAt(RedisAddress address, Reason reason) {
        if (address.hasSentinels()) {
            return askedOfSentinels(address, reason);
        }
        return address.uri().getSocket() == null && reason.isUnclear() ? asked(address, reason) : reason;
    }

    /** What an error of Lettuce's, which knows Redis only, means in the light of what answers there. */
    private static Reason asked(RedisAddress address, Reason reason) {
        boolean tls = address.uri().isSsl();
        var host = address.uri().getHost();
        return switch (Stranger.at(host, address.uri().getPort()).kind()) {
            case REDIS -> tls ? Reason.NO_TLS : reason;
            case SENTINEL -> new Reason("it is a sentinel", sentinels(address.toString()));
            case TLS -> tls ? reason : new Reason("it speaks TLS", "give rediss:// instead of redis://");
            case WEB_SERVER -> new Reason("a web server answers there", Reason.START);
            case OTHER -> new Reason("another server answers there", Reason.START);
            case SILENT -> new Reason("a server takes the connection and says nothing", Reason.START);
            case NOBODY -> reason;
        };
    }

    private static Reason askedOfSentinels(RedisAddress address, Reason reason) {
        var service = address.uri().getSentinelMasterId();
        var found = reason;
        for (var sentinel : address.uri().getSentinels()) {
            var where = sentinel.getHost() + ":" + sentinel.getPort();
            var stranger = Stranger.at(sentinel.getHost(), sentinel.getPort());
            var primary = stranger.services().get(service);
            found = switch (stranger.kind()) {
                case SENTINEL ->
                    primary == null
                            ? new Reason(
                                    "the sentinel " + where + " does not know " + service,
                                    "give one of its services after #: "
                                            + String.join(
                                                    ", ", stranger.services().keySet()))
                            : new Reason(
                                    "the sentinel " + where + " says that " + service + " is at " + primary + ": "
                                            + reason.what,
                                    "see why that one cannot be reached");
                case REDIS ->
                    new Reason(
                            where + " is a Redis and no sentinel",
                            "give redis://" + where + ", or the address of a sentinel, usually at port 26379");
                case WEB_SERVER, OTHER ->
                    new Reason(
                            "what answers at " + where + " is no sentinel",
                            "give the address of a sentinel, usually at port 26379");
                case TLS ->
                    address.uri().isSsl() ? found : new Reason(where + " speaks TLS", "give rediss-sentinel://");
                case SILENT -> new Reason(where + " takes the connection and says nothing", "see what runs there");
                case NOBODY -> found;
            };
            if (stranger.kind() == Stranger.Kind.SENTINEL) {
                return found;
            }
        }
        return found;
    }

    /** The way out for whoever has given a sentinel's address as if it were a Redis's. */
    static String sentinels(String where) {
        return "give redis-sentinel://" + where + "/0#service with the service's name, or the Redis's own address";
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
                    "Redis at " + address + " refused: " + said(refused) + advice(Refusal.of(refused)), refused);
        }
        if (cause instanceof TimeoutException) {
            return new RedisUnavailableException(
                    "Redis at " + address + " has not answered for " + shown(patience)
                            + (whyNoReconnect == null
                                    ? ""
                                    : "; reconnecting fails: " + Reason.of(root(whyNoReconnect)).what),
                    cause);
        }
        return new RedisUnavailableException("lost Redis at " + address + " (" + cause.getMessage() + ")", cause);
    }

    /** Redis was asked again and again, and has always said that it cannot now. */
    static RedisUnavailableException puttingOff(RedisAddress address, Duration patience, Throwable why) {
        return new RedisUnavailableException(
                "Redis at " + address + " has refused for " + shown(patience) + ": " + said(why)
                        + advice(Refusal.of(why)),
                why);
    }

    /** Redis 6 tells where in a script it was, which is ours to know. */
    private static String said(Throwable refused) {
        return IN_A_SCRIPT.matcher(String.valueOf(refused.getMessage())).replaceFirst("");
    }

    private static String shown(Duration patience) {
        return patience.toMillis() % 1000 == 0 ? patience.toSeconds() + " s" : patience.toMillis() + " ms";
    }

    private static String advice(Refusal refusal) {
        return switch (refusal) {
            case OUT_OF_MEMORY -> " (raise its maxmemory, or let failed and finished jobs expire sooner)";
            case CANNOT_SAVE -> " (look at its disk and its log; it takes no writes until it can save again)";
            case READ_ONLY -> " (this is a replica; give the address of its primary, or of the sentinels)";
            case NO_PERMISSION -> " (grant this to the user: docs/jobs.md says what a worker needs)";
            case MOVED -> " (our keys are on that node of the cluster: give its address)";
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
        private static final String UNKNOWN = "unknown host";
        private static final String REFUSED = "connection refused";
        private static final Reason NO_TLS = new Reason("it does not speak TLS", "give redis:// instead of rediss://");

        private boolean isUnclear() {
            return wayOut.equals(START) && !what.equals(REFUSED) && !what.equals(UNKNOWN);
        }

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
                return NO_TLS;
            }
            if (root instanceof SSLException) {
                return new Reason(
                        message, "if it asks for a client certificate: Tls.clientCertificate(certificate, key)");
            }
            return switch (root) {
                case ConnectException _ -> new Reason(REFUSED, START);
                case UnknownHostException _ -> new Reason(UNKNOWN, START);
                default ->
                    // Netty's resolver has a type of its own
                    new Reason(message.contains("NXDOMAIN") ? UNKNOWN : message, START);
            };
        }
    }
}
