package dev.simul.process;

import dev.simul.process.internal.child.ChildMain;
import dev.simul.process.internal.wire.Frame;
import dev.simul.process.internal.wire.Frame.Kind;
import dev.simul.process.internal.wire.FrameChannel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts a child JVM and makes sure that it is the one that calls back.
 *
 * <p>Every start has a socket of its own, in a directory that only this user may enter, and a token of its own, given to
 * the child on its standard input. A caller without the token is hung up on. Once the child is connected, nothing of
 * this is left in the file system; even a parent that is killed later leaves nothing behind.
 */
final class ChildStart {
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PoolSettings settings;
    private final ScheduledExecutorService timer;

    ChildStart(PoolSettings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        this.timer = timer;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @throws ProcessDiedException when it ended before
     * @throws IOException when it could not be started at all
     */
    ChildJvm start() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Path directory = Files.createTempDirectory("simul-"); // for this user only
        Path socket = directory.resolve("socket");
        Path options = directory.resolve("options");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            ChildCommand.write(options, socket, settings);
            var process = new ProcessBuilder(ChildCommand.java(), "@" + options).start();
            String threads = settings.name() + "-" + process.pid();
            // Not System.err::println, for the stream may be exchanged: it is looked up for every line.
            var stderr =
                    new OutputLines(process.getErrorStream(), line -> System.err.println(line), threads + "-stderr");
            new OutputLines(process.getInputStream(), line -> System.out.println(line), threads + "-stdout");
            FrameChannel frames = connect(server, process, timer);
            if (frames == null) {
                throw ChildJvm.death("a child of " + settings.name() + " could not start", process, stderr);
            }
            var startup = Duration.ofNanos(System.nanoTime() - begun);
            return new ChildJvm(process, frames, stderr, settings.maxPayloadBytes(), startup);
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(options);
            Files.delete(directory);
        }
    }

    /** Frames to the child that shows the token, or null when the process ended first. */
    static @Nullable FrameChannel connect(ServerSocketChannel server, Process process, ScheduledExecutorService timer) {
        var alarm = timer.schedule(() -> ChildJvm.kill(process), LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        ProcessEnd.whenEnded(process, () -> close(server));
        try {
            byte[] token = new byte[ChildMain.TOKEN_BYTES];
            RANDOM.nextBytes(token);
            process.getOutputStream().write(token);
            process.getOutputStream().flush();
            while (true) {
                var frames = new FrameChannel(server.accept());
                Frame hello = frames.read(ChildMain.TOKEN_BYTES);
                if (hello != null && hello.kind() == Kind.HELLO && MessageDigest.isEqual(hello.payload(), token)) {
                    return frames;
                }
                frames.close();
            }
        } catch (IOException ended) {
            ChildJvm.kill(process);
            return null;
        } finally {
            alarm.cancel(false);
        }
    }

    private static void close(ServerSocketChannel server) {
        try {
            server.close();
        } catch (IOException alreadyClosed) {
            // Which is what was wanted.
        }
    }
}
