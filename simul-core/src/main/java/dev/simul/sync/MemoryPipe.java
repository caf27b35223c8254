package dev.simul.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/** Bytes that go one way, from one end to the other. Loop thread only. */
final class MemoryPipe {

    private final ResourceGuard sending = new ResourceGuard("sending into");
    private final ResourceGuard receiving = new ResourceGuard("receiving from");
    private final Waiters waiters = new Waiters(this);
    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>();
    private final boolean lockstep;
    private int size;
    private boolean senderClosed;
    private boolean receiverClosed;

    MemoryPipe(boolean lockstep) {
        this.lockstep = lockstep;
    }

    void send(byte[] data) throws IOException {
        try (var _ = sending.enter()) {
            requireSendable();
            if (data.length > 0) {
                chunks.add(ByteBuffer.wrap(data.clone()));
                size += data.length;
                waiters.wakeAll();
            }
            if (lockstep) {
                awaitUntil(() -> size == 0 || senderClosed || receiverClosed);
                if (size > 0) {
                    requireSendable();
                }
            }
        }
    }

    private void requireSendable() throws IOException {
        if (senderClosed) {
            throw new ClosedChannelException();
        }
        if (receiverClosed) {
            throw new IOException("broken stream: the other side has closed it and receives nothing more");
        }
    }

    byte[] receive(int most) throws IOException {
        try (var _ = receiving.enter()) {
            awaitUntil(() -> size > 0 || senderClosed || receiverClosed);
            if (receiverClosed) {
                throw new ClosedChannelException();
            }
            var data = ByteBuffer.allocate(Math.min(most, size));
            while (data.hasRemaining()) {
                var chunk = chunks.element();
                int length = Math.min(chunk.remaining(), data.remaining());
                data.put(data.position(), chunk, chunk.position(), length).position(data.position() + length);
                chunk.position(chunk.position() + length);
                if (!chunk.hasRemaining()) {
                    chunks.remove();
                }
            }
            size -= data.capacity();
            waiters.wakeAll();
            return data.array();
        }
    }

    private void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            var waiter = waiters.add();
            try {
                waiter.await();
            } finally {
                waiters.remove(waiter);
            }
        }
    }

    void closeSender() {
        senderClosed = true;
        waiters.wakeAll();
    }

    void closeReceiver() {
        receiverClosed = true;
        waiters.wakeAll();
    }

    boolean isSenderClosed() {
        return senderClosed;
    }

    int size() {
        return size;
    }

    int waiting() {
        return waiters.asleep();
    }

    @Override
    public String toString() {
        return "MemoryStream[" + size + " bytes" + waiters.shown() + (senderClosed ? ", closed" : "") + "]";
    }
}
