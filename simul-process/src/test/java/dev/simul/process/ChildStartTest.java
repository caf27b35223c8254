package dev.simul.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.process.internal.child.ChildMain;
import dev.simul.process.internal.wire.Frame;
import dev.simul.process.internal.wire.Frame.Kind;
import dev.simul.process.internal.wire.FrameChannel;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may call back. */
class ChildStartTest {
    @Test
    void aCallerWithoutTheTokenIsHungUpOn(@TempDir Path directory) throws Exception {
        var address = UnixDomainSocketAddress.of(directory.resolve("s"));
        Process copycat = new ProcessBuilder("cat").start();
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var timer = new ScheduledThreadPoolExecutor(1)) {
            server.bind(address);
            var child = CompletableFuture.supplyAsync(() -> ChildStart.connect(server, copycat, timer));
            byte[] token = copycat.getInputStream().readNBytes(ChildMain.TOKEN_BYTES);

            var stranger = new FrameChannel(SocketChannel.open(address));
            stranger.write(Kind.HELLO, new byte[ChildMain.TOKEN_BYTES]);
            assertThat(stranger.read(0)).isNull();

            var real = new FrameChannel(SocketChannel.open(address));
            real.write(Kind.HELLO, token);
            child.join().write(Kind.CALL, new byte[] {1});
            assertThat(real.read(1)).extracting(Frame::kind).isEqualTo(Kind.CALL);
        } finally {
            copycat.destroyForcibly();
        }
    }
}
