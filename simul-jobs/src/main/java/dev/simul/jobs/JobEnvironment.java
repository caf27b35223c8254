package dev.simul.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment variables that say how to reach Redis. */
final class JobEnvironment {
    private static final String LOCAL = "redis://localhost:6379";
    private static final Map<String, String> VARIABLES = Map.of(
            "keyPrefix", "RQ_KEY_PREFIX",
            "tls caFile", "SIMUL_REDIS_CA_FILE",
            "tls certificate", "SIMUL_REDIS_CERT_FILE",
            "tls key", "SIMUL_REDIS_KEY_FILE");

    private final Map<String, String> variables;

    JobEnvironment(Map<String, String> variables) {
        this.variables = variables;
    }

    JobSettings settings() {
        for (var name : List.of("SIMUL_REDIS_URL", "RQ_REDIS_URL", "REDIS_URL")) {
            var urls = first(name);
            if (urls != null) {
                return applyTo(named(name, urls.strip().split("\\s+")));
            }
        }
        return applyTo(JobSettings.of(LOCAL));
    }

    private static JobSettings named(String variable, String... urls) {
        try {
            return JobSettings.urls(urls);
        } catch (InvalidSettingException e) {
            throw e.as(Map.of("urls", variable));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }

    JobSettings applyTo(JobSettings given) {
        try {
            return added(given);
        } catch (InvalidSettingException e) {
            throw e.as(VARIABLES);
        }
    }

    private JobSettings added(JobSettings given) {
        var settings = given;
        var prefix = first("RQ_KEY_PREFIX");
        if (prefix != null && given.keyPrefix().equals("rq")) {
            settings = settings.keyPrefix(prefix);
        }
        var password = secret("SIMUL_REDIS_PASSWORD", "REDIS_PASSWORD");
        if (password != null && given.credentials().isEmpty() && !namesAUser(given)) {
            var user = secret("SIMUL_REDIS_USERNAME", "REDIS_USERNAME");
            settings = user == null ? settings.password(password) : settings.credentials(user, password);
        }
        if (password == null
                && first("SIMUL_REDIS_USERNAME") != null
                && given.credentials().isEmpty()
                && !namesAUser(given)) {
            throw new IllegalArgumentException(
                    "SIMUL_REDIS_USERNAME needs SIMUL_REDIS_PASSWORD or SIMUL_REDIS_PASSWORD_FILE, and neither is set");
        }
        var sentinels = secret("SIMUL_SENTINEL_PASSWORD");
        if (sentinels != null && given.sentinelCredentials().isEmpty()) {
            settings = settings.sentinelCredentials(secret("SIMUL_SENTINEL_USERNAME"), sentinels);
        }
        var tls = given.tls().isEmpty() ? tls() : null;
        return tls == null ? settings : settings.tls(tls);
    }

    private static boolean namesAUser(JobSettings settings) {
        return settings.servers().stream().anyMatch(server -> server.url().contains("@"));
    }

    private @Nullable Tls tls() {
        var ca = first("SIMUL_REDIS_CA_FILE");
        var certificate = first("SIMUL_REDIS_CERT_FILE");
        var key = first("SIMUL_REDIS_KEY_FILE");
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException(
                    "SIMUL_REDIS_CERT_FILE and SIMUL_REDIS_KEY_FILE belong together, only one of them is set");
        }
        var tls = ca == null ? Tls.DEFAULTS : Tls.trusting(Path.of(ca));
        if (certificate != null && key != null) {
            tls = tls.clientCertificate(Path.of(certificate), Path.of(key));
        }
        return ca == null && key == null ? null : tls;
    }

    private @Nullable String first(String... names) {
        for (var name : names) {
            var value = variables.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    /** The first that is set, itself or through the file that holds it. */
    private @Nullable String secret(String... names) {
        for (var name : names) {
            var value = first(name);
            var file = first(name + "_FILE");
            if (value != null) {
                return value;
            }
            if (file != null) {
                return read(name + "_FILE", file);
            }
        }
        return null;
    }

    private static String read(String name, String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(name + " must name a text file that can be read, was " + file, e);
        }
    }
}
