package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.CancelledError;
import dev.simul.VirtualTime;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class MemoryStreamTest {

    private final VirtualTime time = new VirtualTime();
    private final MemoryStream.Pair pair = MemoryStream.pair();
    private final MemoryStream left = pair.left();
    private final MemoryStream right = pair.right();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    @Test
    void bytesGoBothWays() throws Exception {
        time.run(() -> {
            left.sendAll(bytes("ping"));
            right.sendAll(bytes("pong"));

            assertThat(text(right.receiveSome())).isEqualTo("ping");
            assertThat(text(left.receiveSome())).isEqualTo("pong");
        });
    }

    @Test
    void receiverWaitsUntilSomethingComesAndGetsWhatIsThereUpToItsLimit() throws Exception {
        time.run(() -> {
            var receiving = spawn(() -> text(right.receiveSome(3)));
            pass();
            assertThat(receiving.isDone()).isFalse();
            left.sendAll(bytes("ab"));
            left.sendAll(bytes("cdef"));

            assertThat(receiving.await()).isEqualTo("abc");
            assertThat(right.statistics().toReceive()).isEqualTo(3);
            assertThat(text(right.receiveSome())).isEqualTo("def");
            assertThatThrownBy(() -> right.receiveSome(0)).hasMessage("maxBytes must be 1 or more, was 0");
        });
    }

    @Test
    void closedSideIsReceivedToItsEnd() throws Exception {
        time.run(() -> {
            left.sendAll(bytes("last words"));
            left.close();
            left.close();
            assertThat(text(right.receiveSome(4))).isEqualTo("last");
            assertThat(text(right.receiveSome())).isEqualTo(" words");
            assertThat(right.receiveSome()).isEmpty();
            assertThat(right.receiveSome()).isEmpty();

            assertThatThrownBy(() -> right.sendAll(bytes("hello?")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the other side has closed it");
            assertThatThrownBy(() -> left.sendAll(bytes("x"))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(left::receiveSome).isInstanceOf(ClosedChannelException.class);
            assertThat(left).hasToString("MemoryStream[0 bytes to receive, closed]");
        });
    }

    @Test
    void sideThatSendsNoMoreStillReceives() throws Exception {
        time.run(() -> {
            left.sendAll(bytes("question"));
            left.sendEof();
            assertThat(text(right.receiveSome())).isEqualTo("question");
            assertThat(right.receiveSome()).isEmpty();
            right.sendAll(bytes("answer"));

            assertThat(text(left.receiveSome())).isEqualTo("answer");
            assertThatThrownBy(() -> left.sendAll(bytes("x"))).isInstanceOf(ClosedChannelException.class);
        });
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        time.run(() -> {
            var other = spawn(() -> right.receiveSome());
            var own = spawn(() -> left.receiveSome());
            pass();
            left.close();

            assertThat(other.await()).isEmpty();
            assertThatThrownBy(own::await).isInstanceOf(ClosedChannelException.class);
        });
    }

    @Test
    void secondReceiverIsRefused() throws Exception {
        time.run(() -> {
            var first = spawn("first", () -> right.receiveSome());
            pass();

            assertThatThrownBy(right::receiveSome)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("first is already receiving from this");
            left.sendAll(bytes("x"));
            await(first);
        });
    }

    @Test
    void cancelledReceiverLeavesTheBytes() throws Exception {
        time.run(() -> {
            var receiving = spawn(() -> right.receiveSome());
            pass();
            left.sendAll(bytes("x"));
            receiving.cancel();
            assertThatThrownBy(receiving::await).isInstanceOf(CancelledError.class);

            assertThat(text(right.receiveSome())).isEqualTo("x");
        });
    }

    @Test
    void bytesAreCopied() throws Exception {
        time.run(() -> {
            var data = bytes("x");
            left.sendAll(data);
            data[0] = 'y';

            assertThat(text(right.receiveSome())).isEqualTo("x");
        });
    }

    @Test
    void inLockstepTheSenderWaitsUntilAllIsReceived() throws Exception {
        time.run(() -> {
            var lockstep = MemoryStream.lockstepPair();
            var sending = spawn(() -> lockstep.left().sendAll(bytes("abc")));
            pass();
            assertThat(text(lockstep.right().receiveSome(2))).isEqualTo("ab");
            pass();
            assertThat(sending.isDone()).isFalse();
            assertThat(text(lockstep.right().receiveSome(2))).isEqualTo("c");
            await(sending);
            lockstep.left().sendAll(new byte[0]);
        });
    }

    @Test
    void inLockstepClosingTheOtherSideEndsTheSender() throws Exception {
        time.run(() -> {
            var lockstep = MemoryStream.lockstepPair();
            var sending = spawn(() -> lockstep.left().sendAll(bytes("abc")));
            pass();
            lockstep.right().close();
            assertThatThrownBy(sending::await).hasMessageContaining("the other side has closed it");

            var other = MemoryStream.lockstepPair();
            var sendingToo = spawn(() -> other.left().sendAll(bytes("abc")));
            pass();
            other.left().close();
            assertThatThrownBy(sendingToo::await).isInstanceOf(ClosedChannelException.class);
        });
    }
}
