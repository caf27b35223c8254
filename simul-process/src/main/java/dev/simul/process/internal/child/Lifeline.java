package dev.simul.process.internal.child;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;

/**
 * Watches standard input, which the kernel closes when the parent dies, however that happens; the child then halts at
 * once, also in the middle of a task, when nobody reads the socket.
 *
 * <p>A JVM that exits waits 300 ms for threads inside of system calls, as this one always is. So it is called back from
 * there when an exit begins: that is what makes this a channel and not a stream.
 */
final class Lifeline extends Thread {
    private static final int PARENT_DIED = 1;

    private final FileChannel stdin = new FileInputStream(FileDescriptor.in).getChannel();

    Lifeline() {
        super("simul-lifeline");
        setDaemon(true);
    }

    @Override
    public void run() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::release));
        try {
            while (stdin.read(ByteBuffer.allocate(1)) >= 0) {
                // The parent says nothing more here; whatever comes is not for us.
            }
        } catch (AsynchronousCloseException exitBegins) {
            return;
        } catch (IOException parentDied) {
            // As good as the end of the stream.
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(PARENT_DIED);
    }

    private void release() {
        try {
            stdin.close();
        } catch (IOException unusable) {
            // Then it does not block anybody either.
        }
    }
}
