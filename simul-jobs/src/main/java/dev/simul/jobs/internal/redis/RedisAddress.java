package dev.simul.jobs.internal.redis;

import dev.simul.jobs.InvalidSettingException;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.JobSettings.Credentials;
import dev.simul.jobs.Tls;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.StaticCredentialsProvider;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is, as a URL says it; its name never tells the password.
 *
 * @param uri what Lettuce connects to
 * @param tls the certificates that the URL names, null for none
 */
public record RedisAddress(RedisURI uri, @Nullable Tls tls) {
    private static final Pattern SECRETS = Pattern.compile("//.*@|(?<=password=)[^&]*");
    private static final Map<String, String> PARAMETERS = Map.of(
            "tls caFile", "ssl_ca_certs",
            "tls certificate", "ssl_certfile",
            "tls key", "ssl_keyfile");
    private static final List<String> SCHEMES = List.of(
            "redis://",
            "rediss://",
            "redis-sentinel://",
            "rediss-sentinel://",
            "unix://",
            "redis+unix://",
            "redis-socket://");

    /**
     * Reads a URL as {@link JobSettings#of} describes it.
     *
     * @throws IllegalArgumentException if it is none; the text does not hold its password
     */
    public static RedisAddress parse(String url) {
        if (SCHEMES.stream().noneMatch(url::startsWith)) {
            throw notAnAddress(url, null);
        }
        try {
            var parameters = parameters(url);
            var uri = RedisURI.create(url.replaceFirst("^(redis\\+)?unix://", "redis-socket://"));
            var host = uri.getHost();
            // what the parser takes for a host although it is a port it could not read
            if (uri.getSocket() == null
                    && uri.getSentinels().isEmpty()
                    && (host == null || host.isEmpty() || (host.contains(":") && !url.contains("[")))) {
                throw notAnAddress(url, null);
            }
            if (parameters.containsKey("db")) {
                uri.setDatabase(Integer.parseInt(parameters.getOrDefault("db", "")));
            }
            var password = parameters.get("password");
            if (password != null) {
                authenticate(uri, new Credentials(parameters.get("username"), password));
            }
            return new RedisAddress(uri, tls(parameters));
        } catch (InvalidSettingException e) {
            throw e.as(PARAMETERS);
        } catch (RuntimeException e) {
            throw notAnAddress(url, e);
        }
    }

    /** Where the settings say that Redis is, with what they say of user, password and certificates. */
    public static RedisAddress of(JobSettings settings) {
        var address = parse(settings.url());
        settings.credentials().ifPresent(c -> authenticate(address.uri, c));
        for (var sentinel : address.uri.getSentinels()) {
            sentinel.setSsl(address.uri.isSsl());
            settings.sentinelCredentials().ifPresent(c -> authenticate(sentinel, c));
        }
        var tls = settings.tls().orElse(address.tls == null ? Tls.DEFAULTS : address.tls);
        address.uri.setVerifyPeer(
                switch (tls.verify()) {
                    case FULL -> SslVerifyMode.FULL;
                    case CA -> SslVerifyMode.CA;
                    case NONE -> SslVerifyMode.NONE;
                });
        address.uri.getSentinels().forEach(sentinel -> sentinel.setVerifyPeer(address.uri.getVerifyMode()));
        settleCredentials(address.uri);
        address.uri.getSentinels().forEach(RedisAddress::settleCredentials);
        return new RedisAddress(address.uri, tls);
    }

    /**
     * What a URL says of a user becomes a value: Lettuce fetches what may be supplied later in the JVM's common pool, and
     * a program that keeps that pool busy would never get its connections back.
     */
    private static void settleCredentials(RedisURI uri) {
        if (!(uri.getCredentialsProvider() instanceof ImmediateRedisCredentialsProvider)) {
            var credentials =
                    uri.getCredentialsProvider().resolveCredentials().toFuture().join();
            if (credentials != null) {
                uri.setCredentialsProvider(new StaticCredentialsProvider(credentials));
            }
        }
    }

    private static void authenticate(RedisURI uri, Credentials credentials) {
        var user = credentials.user();
        var password = credentials.password().toCharArray();
        if (user == null) {
            uri.setAuthentication(password);
        } else {
            uri.setAuthentication(user, password);
        }
    }

    private static Map<String, String> parameters(String url) {
        var parameters = new HashMap<String, String>();
        var query = url.contains("?") ? url.substring(url.indexOf('?') + 1).replaceFirst("#.*", "") : "";
        for (var parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parameter.substring(0, equals),
                        URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    /** As Python's redis names them. */
    private static @Nullable Tls tls(Map<String, String> parameters) {
        var tls = Tls.DEFAULTS;
        var ca = parameters.get("ssl_ca_certs");
        var certificate = parameters.get("ssl_certfile");
        var key = parameters.get("ssl_keyfile");
        if (ca != null) {
            tls = Tls.trusting(Path.of(ca));
        }
        if (certificate != null) {
            tls = tls.clientCertificate(Path.of(certificate), Path.of(key == null ? certificate : key));
        }
        if (parameters.getOrDefault("ssl_cert_reqs", "").equals("none")
                || parameters.getOrDefault("verifyPeer", "").equalsIgnoreCase("none")) {
            tls = tls.verify(Tls.Verify.NONE);
        } else if (parameters
                        .getOrDefault("ssl_check_hostname", "")
                        .toLowerCase(Locale.ROOT)
                        .equals("false")
                || parameters.getOrDefault("verifyPeer", "").equalsIgnoreCase("ca")) {
            tls = tls.verify(Tls.Verify.CA);
        }
        return tls == Tls.DEFAULTS ? null : tls;
    }

    private static IllegalArgumentException notAnAddress(String url, @Nullable Throwable cause) {
        var shown = SECRETS.matcher(url).replaceAll(found -> found.group().endsWith("@") ? "//***@" : "***");
        return new IllegalArgumentException(
                "'" + shown
                        + "' is not a Redis URL; give redis://[user:password@]host[:port][/db], rediss:// for TLS,"
                        + " unix:///path, or redis-sentinel://host:port,host:port/db#service",
                // a parser's own message may repeat the URL with its password
                cause == null
                        ? null
                        : new IllegalArgumentException(cause.getClass().getSimpleName()));
    }

    /** Whether sentinels are asked for the address. */
    boolean hasSentinels() {
        return !uri.getSentinels().isEmpty();
    }

    /** {@code host:port}, the socket's path or the sentinels, without secrets. */
    @Override
    public String toString() {
        if (uri.getSocket() != null) {
            return uri.getSocket();
        }
        return hasSentinels()
                ? uri.getSentinels().stream()
                        .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                        .collect(Collectors.joining(",", "", "#" + uri.getSentinelMasterId()))
                : uri.getHost() + ":" + uri.getPort();
    }
}
