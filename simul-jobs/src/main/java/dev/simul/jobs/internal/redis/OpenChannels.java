package dev.simul.jobs.internal.redis;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sockets that one link has open, so that they can be closed under Lettuce, which then opens new ones. */
final class OpenChannels implements NettyCustomizer {
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    @Override
    public void afterChannelInitialized(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(_ -> open.remove(channel));
    }

    void close() {
        for (var channel : open) {
            var _ = channel.close();
        }
    }
}
