package dev.simul.process.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.process.internal.wire.Frame.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameChannelTest {
    private SocketChannel raw;
    private FrameChannel there;
    private FrameChannel here;

    @BeforeEach
    void connect(@TempDir Path directory) throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("s"));
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(address);
            raw = SocketChannel.open(address);
            there = new FrameChannel(raw);
            here = new FrameChannel(server.accept());
        }
    }

    @AfterEach
    void hangUp() {
        there.close();
        here.close();
    }

    @Test
    void framesOfAnySizeArriveWholeAndApart() throws Exception {
        var random = new Random(1);
        for (int size : new int[] {0, 1, 65_531, 65_532, 1_000_000}) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            var writer = Thread.ofPlatform().start(() -> {
                try {
                    there.write(Kind.VALUE, payload);
                    there.write(Kind.CALL, new byte[] {7});
                } catch (IOException broken) {
                    throw new IllegalStateException(broken);
                }
            });

            assertThat(here.read(1_000_000)).extracting(Frame::payload).isEqualTo(payload);
            assertThat(here.read(1_000_000)).extracting(Frame::kind).isEqualTo(Kind.CALL);
            writer.join();
        }
    }

    @Test
    void aLongerFrameThanAllowedIsRefusedBeforeItIsRead() throws Exception {
        there.write(Kind.VALUE, new byte[11]);

        assertThatThrownBy(() -> here.read(10))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a frame of 11 bytes was announced, the limit is maxPayloadBytes = 10");
    }

    @Test
    void whatIsNoFrameIsRefused() throws Exception {
        raw.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, '?', 'x'}));

        assertThatThrownBy(() -> here.read(10))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("kind 63");
    }

    @Test
    void anEndBetweenFramesIsNoError() throws Exception {
        there.close();

        assertThat(here.read(10)).isNull();
    }

    @Test
    void anEndWithinAFrameIsOne() throws Exception {
        raw.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 9, 'v', 1}));
        there.close();

        assertThatThrownBy(() -> here.read(10))
                .isInstanceOf(EOFException.class)
                .hasMessage("connection closed after 1 of 9 bytes of a frame");
    }
}
