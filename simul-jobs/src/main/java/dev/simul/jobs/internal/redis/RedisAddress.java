package dev.simul.jobs.internal.redis;

import io.lettuce.core.RedisURI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a Redis is, as a URL says it, and how to name it without telling the password.
 *
 * @param uri what Lettuce connects to
 */
public record RedisAddress(RedisURI uri) {
    private static final Pattern SECRETS = Pattern.compile("//[^/]*@");

    /** Reads {@code redis://[[user]:password@]host[:port][/db]}, or {@code rediss://} for TLS. */
    public static RedisAddress parse(String url) {
        if (!url.startsWith("redis://") && !url.startsWith("rediss://")) {
            throw notAnAddress(url, null);
        }
        try {
            var uri = RedisURI.create(url);
            var host = uri.getHost();
            // what the parser takes for a host although it is a port it could not read
            if (host == null || host.isEmpty() || (host.contains(":") && !url.contains("["))) {
                throw notAnAddress(url, null);
            }
            return new RedisAddress(uri);
        } catch (RuntimeException e) {
            throw notAnAddress(url, e);
        }
    }

    private static IllegalArgumentException notAnAddress(String url, @Nullable Throwable cause) {
        var shown = SECRETS.matcher(url).replaceFirst("//***@");
        return new IllegalArgumentException(
                "'" + shown
                        + "' is not a Redis URL; give redis://[user:password@]host[:port][/db], or rediss:// for TLS",
                // a parser's own message may repeat the URL with its password
                cause == null
                        ? null
                        : new IllegalArgumentException(cause.getClass().getSimpleName()));
    }

    /** {@code host:port}, without secrets. */
    @Override
    public String toString() {
        return uri.getHost() + ":" + uri.getPort();
    }
}
