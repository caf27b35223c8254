package dev.simul.cli.jobs;

import dev.simul.jobs.JobSettings;
import dev.simul.jobs.Serializer;
import dev.simul.jobs.Spread;
import dev.simul.jobs.Tls;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where Redis is, as every command of a queue takes them; secrets come from the environment. */
final class RedisOption {
    @Option(
            names = {"--redis", "-u", "--url"},
            paramLabel = "URL",
            description = "The Redis: redis://host:port/db, rediss:// for TLS, unix:///path,"
                    + " redis-sentinel://host:port,host:port/db#service (default: SIMUL_REDIS_URL, RQ_REDIS_URL or"
                    + " REDIS_URL, else redis://localhost:6379). Several times for queues that are spread over several"
                    + " servers, the same in every program. User and password are taken from"
                    + " SIMUL_REDIS_USERNAME and SIMUL_REDIS_PASSWORD, REDIS_USERNAME and REDIS_PASSWORD, or the file"
                    + " that SIMUL_REDIS_PASSWORD_FILE names.")
    private List<String> urls = List.of();

    @Option(
            names = "--spread",
            paramLabel = "BY",
            description = "What decides which of several servers a job goes to: ${COMPLETION-CANDIDATES} (default:"
                    + " BY_QUEUE).")
    private @Nullable Spread spread;

    @Option(
            names = "--key-prefix",
            paramLabel = "PREFIX",
            description = "What Redis's keys begin with (default: RQ_KEY_PREFIX, else rq).")
    private @Nullable String keyPrefix;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "The authorities that may vouch for a rediss:// server, PEM (default: SIMUL_REDIS_CA_FILE,"
                    + " else Java's own).")
    private @Nullable Path ca;

    @Option(
            names = "--tls-cert",
            paramLabel = "FILE",
            description = "Our certificate, PEM (default: SIMUL_REDIS_CERT_FILE).")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "Its key, PEM (default: SIMUL_REDIS_KEY_FILE).")
    private @Nullable Path key;

    @Option(
            names = {"-S", "--serializer"},
            paramLabel = "json|pickle",
            converter = SerializerOption.class,
            description = "How jobs are written that are enqueued (default: json); Python workers without -S json want"
                    + " pickle. What is read shows by itself which it is.")
    private @Nullable Serializer serializer;

    /** What the options and, where they are silent, the environment say. */
    JobSettings settings() {
        var settings = urls.isEmpty()
                ? JobSettings.fromEnvironment()
                : JobSettings.urls(urls.toArray(String[]::new)).withEnvironment(System.getenv());
        if (spread != null) {
            settings = settings.spread(spread);
        }
        if (serializer != null) {
            settings = settings.serializer(serializer);
        }
        if (keyPrefix != null) {
            settings = settings.keyPrefix(keyPrefix);
        }
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert and --tls-key belong together, only one was given");
        }
        if (ca != null || certificate != null) {
            var tls = ca == null ? Tls.DEFAULTS : Tls.trusting(ca);
            settings = settings.tls(certificate == null || key == null ? tls : tls.clientCertificate(certificate, key));
        }
        return settings;
    }
}
