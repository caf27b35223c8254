package dev.simul.process;

import dev.simul.process.internal.wire.Frame;
import dev.simul.process.internal.wire.Frame.Kind;
import dev.simul.process.internal.wire.FrameChannel;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/** A child JVM that is ready for work, seen from the pool. */
final class ChildJvm {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Process process;
    private final FrameChannel frames;
    private final OutputLines stderr;
    private final int maxPayloadBytes;
    private final Duration startup;

    // Written by the keeper's thread, read by whoever asks.
    private volatile long tasksDone;
    private volatile boolean busy;

    ChildJvm(Process process, FrameChannel frames, OutputLines stderr, int maxPayloadBytes, Duration startup) {
        this.process = process;
        this.frames = frames;
        this.stderr = stderr;
        this.maxPayloadBytes = maxPayloadBytes;
        this.startup = startup;
    }

    /**
     * Sends a call and waits for the reply.
     *
     * @throws EOFException when the child hung up after it had read all of the call
     * @throws java.net.ProtocolException when it answered with something that is no reply
     * @throws IOException when it hung up before: the call never began
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the keeper's thread writes
    Frame exchange(byte[] call) throws IOException {
        busy = true;
        try {
            frames.write(Kind.CALL, call);
            Frame reply = frames.read(maxPayloadBytes);
            if (reply == null) {
                throw new EOFException("child JVM " + pid() + " hung up");
            }
            return reply;
        } finally {
            tasksDone++;
            busy = false;
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void onDeath(Runnable action) {
        ProcessEnd.whenEnded(process, action);
    }

    long tasksDone() {
        return tasksDone;
    }

    ChildProcess describe() {
        return new ChildProcess(pid(), startup, tasksDone, busy);
    }

    /** Ends it at once, with all processes that it started. */
    void kill() {
        kill(process);
    }

    /** Through handles: {@link Process#destroyForcibly} would also close the streams, and the last words were lost. */
    static void kill(Process process) {
        var offspring = process.descendants().toList();
        process.toHandle().destroyForcibly();
        offspring.forEach(ProcessHandle::destroyForcibly);
    }

    /** Hangs up, so that it exits with its shutdown hooks; kills it if that takes too long. */
    void stop() throws InterruptedException {
        frames.close();
        if (!process.waitFor(GRACE)) {
            kill();
            process.waitFor();
        }
    }

    /** The exception that says how it ended. */
    ProcessDiedException death(String what) throws InterruptedException {
        return death(what, process, stderr);
    }

    static ProcessDiedException death(String what, Process process, OutputLines stderr) throws InterruptedException {
        int code = process.waitFor();
        return new ProcessDiedException(what, process.pid(), new ExitStatus(code), stderr.lastLines());
    }
}
