package dev.simul.jobs.internal.redis;

import dev.simul.jobs.Tls;
import io.lettuce.core.SslOptions;
import java.time.Duration;

/** What {@link Tls} says, as Lettuce wants it. */
final class Certificates {
    private Certificates() {}

    static SslOptions options(Tls tls, Duration handshakeTimeout) {
        var options = SslOptions.builder().jdkSslProvider().handshakeTimeout(handshakeTimeout);
        tls.caFile().ifPresent(ca -> options.trustManager(ca.toFile()));
        var certificate = tls.certificate();
        var key = tls.key();
        if (certificate.isPresent() && key.isPresent()) {
            options.keyManager(certificate.get().toFile(), key.get().toFile(), null);
        }
        return options.build();
    }
}
