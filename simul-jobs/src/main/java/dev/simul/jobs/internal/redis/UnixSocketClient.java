package dev.simul.jobs.internal.redis;

import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.ConnectionEvents;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import reactor.core.publisher.Mono;

/**
 * A Lettuce client that reaches Redis over a Unix socket by the JDK's own means.
 *
 * <p>Lettuce asks for a native transport of Netty's there, one for each operating system. So it is told of a host that
 * nobody looks up, and gets another bootstrap and another address in the two places where it asks us.
 */
final class UnixSocketClient extends RedisClient {
    private static final String NOBODY = "localhost";

    private final SocketAddress address;

    private UnixSocketClient(ClientResources resources, RedisURI uri, SocketAddress address) {
        super(resources, uri);
        this.address = address;
    }

    /** A client for the socket that the URI names. */
    static RedisClient of(ClientResources resources, RedisURI uri) {
        var host = new RedisURI(NOBODY, RedisURI.DEFAULT_REDIS_PORT, uri.getTimeout());
        host.setDatabase(uri.getDatabase());
        host.setCredentialsProvider(uri.getCredentialsProvider());
        return new UnixSocketClient(resources, host, UnixDomainSocketAddress.of(uri.getSocket()));
    }

    @Override
    protected Mono<SocketAddress> getSocketAddress(RedisURI uri) {
        return Mono.just(address);
    }

    @Override
    protected void connectionBuilder(
            Mono<SocketAddress> addresses, ConnectionBuilder builder, ConnectionEvents events, RedisURI uri) {
        super.connectionBuilder(addresses, builder, events, uri);
        var tcp = builder.bootstrap();
        int timeout = (int) uri.getTimeout().toMillis();
        builder.bootstrap(new Bootstrap()
                .group(tcp.config().group())
                .channel(NioDomainSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeout));
    }
}
