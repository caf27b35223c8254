package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RedisAddress;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.seal.SealRing;
import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every program of one deployment has to agree on: where Redis is, and how the keys there are named.
 *
 * <p>Immutable: {@code JobSettings.of("redis://localhost").keyPrefix("shop")}. A plain URL does where a deployment is one
 * Redis with RQ's own key names. {@link #fromEnvironment()} keeps addresses and passwords out of the program.
 */
public final class JobSettings implements Serializable {
    @Serial
    private static final long serialVersionUID = 1; // only from a worker to its own child JVMs

    private static final Pattern KEY_PREFIX = Pattern.compile("[A-Za-z0-9_.:{}-]+");

    // Written only by with(), before anybody else sees the copy.
    private List<String> urls;
    private Spread spread = Spread.BY_QUEUE;
    private String keyPrefix = "rq";
    private @Nullable Credentials credentials;
    private @Nullable Credentials sentinelCredentials;
    private @Nullable Tls tls;
    private Duration patience = RedisLink.PATIENCE;
    private boolean rq3;
    private int maxPayloadBytes = 32 << 20;
    private Serializer serializer = Serializer.JSON;
    private transient @Nullable List<JobMiddleware> middleware; // code does not go to a child JVM; null for none
    private @Nullable Seal seal;

    private JobSettings(List<String> urls) {
        this.urls = urls;
    }

    private JobSettings(JobSettings other) {
        this.urls = other.urls;
        this.spread = other.spread;
        this.keyPrefix = other.keyPrefix;
        this.credentials = other.credentials;
        this.sentinelCredentials = other.sentinelCredentials;
        this.tls = other.tls;
        this.patience = other.patience;
        this.rq3 = other.rq3;
        this.maxPayloadBytes = other.maxPayloadBytes;
        this.serializer = other.serializer;
        this.middleware = other.middleware;
        this.seal = other.seal;
    }

    private JobSettings with(Consumer<JobSettings> change) {
        var copy = new JobSettings(this);
        change.accept(copy);
        return copy;
    }

    /**
     * The settings of a deployment on one Redis.
     *
     * @param url {@code redis://[user:password@]host[:port][/db]}, {@code rediss://} for TLS, {@code unix:///path} for a
     *     socket of this machine, or {@code redis-sentinel://host[:port][,host[:port]…][/db]#service}, where sentinels
     *     know the address. Parameters that Python's redis takes in a URL ({@code ?ssl_ca_certs=…}, {@code ssl_certfile},
     *     {@code ssl_keyfile}, {@code ssl_cert_reqs}, {@code ssl_check_hostname}, {@code db}, {@code username},
     *     {@code password}) are understood.
     */
    public static JobSettings of(String url) {
        var _ = RedisAddress.parse(url); // refuses what is no URL here, where the caller's mistake is
        return new JobSettings(List.of(url));
    }

    /**
     * The settings of a deployment whose queues are spread over several servers, which share user, password and
     * certificates unless their URLs say otherwise.
     *
     * <p>Every program must know the same servers under the same names ({@code host:port} or sentinels): the names decide
     * which server has which queue. A further server takes a share from each of the others, so let the queues run dry
     * before, or let a worker of the old settings finish what stands where it was. Jobs that depend on one another must
     * stand on one server.
     *
     * @param urls as in {@link #of}
     */
    public static JobSettings urls(String... urls) {
        if (urls.length == 0) {
            throw new IllegalArgumentException("urls must name at least one Redis");
        }
        var names = new HashSet<String>();
        for (var url : urls) {
            if (!names.add(RedisAddress.parse(url).toString())) {
                throw new InvalidSettingException(
                        "urls", "must name each Redis once", RedisAddress.parse(url) + " twice");
            }
        }
        return new JobSettings(List.of(urls));
    }

    /** These settings with another rule for which server a job goes to; {@link Spread#BY_QUEUE} if not said. */
    public JobSettings spread(Spread spread) {
        return with(s -> s.spread = spread);
    }

    /** By what jobs find their server. */
    public Spread spread() {
        return spread;
    }

    /** The same deployment seen from each of its servers, for what works with one Redis at a time. */
    public List<JobSettings> servers() {
        return urls.size() == 1
                ? List.of(this)
                : urls.stream().map(url -> with(s -> s.urls = List.of(url))).toList();
    }

    /**
     * The settings that the environment names, so that no program and no command line carries a secret.
     *
     * <p>The first of these that is set: {@code SIMUL_REDIS_URL}, {@code RQ_REDIS_URL}, {@code REDIS_URL}, else
     * {@code redis://localhost:6379}; and what {@link #withEnvironment} reads. Several servers stand with blanks between
     * them, as in {@link #urls}.
     *
     * @throws IllegalArgumentException if a variable's value cannot be used
     */
    public static JobSettings fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /** The settings that these variables name, as {@link #fromEnvironment()} reads them. */
    public static JobSettings fromEnvironment(Map<String, String> environment) {
        return new JobEnvironment(environment).settings();
    }

    /**
     * These settings with what the environment adds to a URL: {@code RQ_KEY_PREFIX}; {@code SIMUL_REDIS_USERNAME} and
     * {@code SIMUL_REDIS_PASSWORD} (or {@code REDIS_USERNAME}, {@code REDIS_PASSWORD}; a name that ends in {@code _FILE}
     * instead gives the file that holds the value), {@code SIMUL_SENTINEL_USERNAME} and {@code SIMUL_SENTINEL_PASSWORD},
     * {@code SIMUL_REDIS_CA_FILE}, {@code SIMUL_REDIS_CERT_FILE}, {@code SIMUL_REDIS_KEY_FILE}. What was already said here
     * or in the URL stays.
     *
     * @throws IllegalArgumentException if a variable's value cannot be used
     */
    public JobSettings withEnvironment(Map<String, String> environment) {
        return new JobEnvironment(environment).applyTo(this);
    }

    /** Where Redis is, or the first of several; may hold a password. */
    public String url() {
        return urls.getFirst();
    }

    /** What every key of RQ begins with, before the first colon. */
    public String keyPrefix() {
        return keyPrefix;
    }

    /**
     * These settings with another key prefix; {@code rq} if not said. Python's RQ can be told the same since 3.0 (its
     * environment variable {@code RQ_KEY_PREFIX}); older ones only know {@code rq}.
     */
    public JobSettings keyPrefix(String prefix) {
        if (!KEY_PREFIX.matcher(prefix).matches()) {
            throw new InvalidSettingException(
                    "keyPrefix", "consists of letters, digits and _ . : - { }", "'" + prefix + "'");
        }
        return with(s -> s.keyPrefix = prefix);
    }

    /** These settings with a password for Redis's default user; goes before one in the URL. */
    public JobSettings password(String password) {
        return with(s -> s.credentials = new Credentials(null, password));
    }

    /** These settings with a user of Redis's access control lists; goes before one in the URL. */
    public JobSettings credentials(String user, String password) {
        return with(s -> s.credentials = new Credentials(user, password));
    }

    /** User and password for Redis that were given apart from the URL. */
    public Optional<Credentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    /** These settings with what the sentinels ask for, if they do; Redis's own credentials are not theirs. */
    public JobSettings sentinelCredentials(@Nullable String user, String password) {
        return with(s -> s.sentinelCredentials = new Credentials(user, password));
    }

    /** User and password for the sentinels. */
    public Optional<Credentials> sentinelCredentials() {
        return Optional.ofNullable(sentinelCredentials);
    }

    /** These settings with certificates for {@code rediss://}; goes before what the URL says of them. */
    public JobSettings tls(Tls tls) {
        return with(s -> s.tls = tls);
    }

    /** The certificates that were given apart from the URL. */
    public Optional<Tls> tls() {
        return Optional.ofNullable(tls);
    }

    /**
     * These settings with another time for which Redis may be away or silent before a call gives up and whoever waits for
     * a result is told: 100 ms to 10 minutes, 5 s if not said. With sentinels, longer than a fail-over takes. Workers wait
     * as long as it takes.
     */
    public JobSettings patience(Duration patience) {
        if (patience.compareTo(Duration.ofMillis(100)) < 0 || patience.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new InvalidSettingException("patience", "must be between 100 ms and 10 minutes", patience);
        }
        return with(s -> s.patience = patience);
    }

    /** How long Redis may be away or silent before a call gives up. */
    public Duration patience() {
        return patience;
    }

    /**
     * These settings with the promise that no worker of the deployment is a Python one older than RQ 3.0, so that what
     * older ones cannot read ({@link JobOptions#rateLimit}) may be written.
     */
    public JobSettings allWorkersAreRq3() {
        return with(s -> s.rq3 = true);
    }

    /** Whether {@link #allWorkersAreRq3()} was promised. */
    public boolean isRq3() {
        return rq3;
    }

    /** These settings with another limit to the JSON of one call, at least 1,000 bytes; 32 MiB if not said. */
    public JobSettings maxPayloadBytes(int bytes) {
        if (bytes < 1_000) {
            throw new InvalidSettingException("maxPayloadBytes", "must be at least 1000", bytes);
        }
        return with(s -> s.maxPayloadBytes = bytes);
    }

    /** How many bytes the JSON of one call may have; more is refused when it is enqueued. */
    public int maxPayloadBytes() {
        return maxPayloadBytes;
    }

    /**
     * These settings with another serializer for the jobs that are enqueued; {@link Serializer#JSON} if not said. What is
     * read, and what a worker answers in, does not depend on it.
     */
    public JobSettings serializer(Serializer serializer) {
        return with(s -> s.serializer = serializer);
    }

    /** How the jobs that are enqueued are written, unless their options say otherwise. */
    public Serializer serializer() {
        return serializer;
    }

    /** These settings with a signature on every job, or its encryption; none if not said. */
    public JobSettings seal(Seal seal) {
        return with(s -> s.seal = seal);
    }

    /** How jobs are signed or encrypted. */
    public Optional<Seal> seal() {
        return Optional.ofNullable(seal);
    }

    /** What seals; null for nothing. */
    @Nullable
    SealRing ring() {
        return seal == null ? null : seal.ring();
    }

    /** These settings with more code around every enqueue and every run, inside of what was given before. */
    public JobSettings middleware(JobMiddleware... middleware) {
        var all = Stream.concat(middleware().stream(), Stream.of(middleware)).toList();
        return with(s -> s.middleware = all);
    }

    /** What is called around every enqueue and every run, the outermost first. */
    public List<JobMiddleware> middleware() {
        return middleware == null ? List.of() : middleware;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        var where = urls.stream().map(url -> RedisAddress.parse(url).toString()).collect(Collectors.joining(" and "));
        return "Redis at " + where + (keyPrefix.equals("rq") ? "" : ", keys " + keyPrefix + ":…");
    }

    /**
     * Who we are for Redis; its text keeps the password to itself.
     *
     * @param user a user of its access control lists, null for the default one
     * @param password the secret
     */
    public record Credentials(@Nullable String user, String password) implements Serializable {
        @Override
        public String toString() {
            return (user == null ? "" : user) + ":***";
        }
    }
}
