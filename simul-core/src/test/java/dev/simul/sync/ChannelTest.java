package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Action;
import dev.simul.CancelScope;
import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.TaskGroup;
import dev.simul.VirtualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelTest {

    private final VirtualTime time = new VirtualTime();
    private final List<Object> log = new ArrayList<>();

    private Task<?> receiver(Channel<Integer> channel) {
        return spawn(() -> log.add(channel.receive()));
    }

    @Test
    void rendezvousMakesTheSenderWaitForAReceiver() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            assertThat(channel.trySend(1)).isFalse();
            var sender = spawn(() -> channel.send(1));
            pass();
            assertThat(sender.isDone()).isFalse();
            assertThat(channel).hasToString("Channel[rendezvous, 1 sending]");

            assertThat(channel.receive()).isEqualTo(1);
            await(sender);
            assertThat(channel.statistics()).isEqualTo(new Channel.Statistics(0, 0, 0, 0, 0, 0, false));
        });
    }

    @Test
    void rendezvousMakesTheReceiverWaitForASender() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            assertThat(channel.tryReceive()).isNull();
            receiver(channel);
            pass();
            assertThat(channel).hasToString("Channel[rendezvous, 1 receiving]");
            channel.send(1);
            pass();

            assertThat(log).containsExactly(1);
        });
    }

    @Test
    void bufferedChannelMakesSendersWaitWhenItIsFull() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(2);
            channel.send(1);
            channel.send(2);
            assertThat(channel.trySend(3)).isFalse();
            var third = spawn(() -> channel.send(3));
            var fourth = spawn(() -> channel.send(4));
            pass();
            assertThat(channel).hasToString("Channel[2 of 2 items, 2 sending]");

            assertThat(channel.receive()).isEqualTo(1);
            pass();
            assertThat(third.isDone()).isTrue();
            assertThat(fourth.isDone()).isFalse();
            assertThat(List.of(channel.receive(), channel.receive(), channel.receive()))
                    .containsExactly(2, 3, 4);
        });
    }

    @Test
    void whatNeedsNoWaitingDoesNotLetOthersRun() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(1);
            spawn(() -> log.add("other"));
            channel.send(1);
            channel.receive();

            assertThat(log).isEmpty();
        });
    }

    @Test
    void unlimitedChannelNeverMakesASenderWait() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>unlimited();
            for (int i = 0; i < 1000; i++) {
                channel.send(i);
            }
            channel.close();

            int next = 0;
            for (int item : channel) {
                assertThat(item).isEqualTo(next++);
            }
            assertThat(next).isEqualTo(1000);
        });
    }

    @Test
    void conflatedChannelKeepsTheLatestItem() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>conflated().onUndelivered(log::add);
            for (int i = 1; i <= 3; i++) {
                channel.send(i);
            }

            assertThat(channel.receive()).isEqualTo(3);
            assertThat(channel.tryReceive()).isNull();
            assertThat(log).containsExactly(1, 2);
        });
    }

    @Test
    void channelThatDropsTheLatestKeepsTheOldest() throws Exception {
        time.run(() -> {
            var channel =
                    Channel.<Integer>buffered(2, Channel.Overflow.DROP_LATEST).onUndelivered(log::add);
            for (int i = 1; i <= 4; i++) {
                assertThat(channel.trySend(i)).isTrue();
            }

            assertThat(channel.receive()).isEqualTo(1);
            assertThat(channel.receive()).isEqualTo(2);
            assertThat(log).containsExactly(3, 4);
        });
    }

    @Test
    void capacityOutOfBoundsIsRefused() {
        assertThatThrownBy(() -> Channel.buffered(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity of a channel with WAIT must be 0 or more, was -1");
        assertThatThrownBy(() -> Channel.buffered(0, Channel.Overflow.DROP_OLDEST))
                .hasMessage("capacity of a channel with DROP_OLDEST must be 1 or more, was 0");
    }

    @Test
    void sendersAndReceiversAreServedInTheOrderOfAsking() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            List<Task<Integer>> receivers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                receivers.add(spawn(channel::receive));
            }
            pass();
            for (int i = 0; i < 3; i++) {
                channel.send(i);
            }
            for (int i = 0; i < 3; i++) {
                assertThat(receivers.get(i).await()).isEqualTo(i);
            }
            for (int i = 0; i < 3; i++) {
                int item = i;
                spawn(() -> channel.send(item));
            }
            pass();
            assertThat(List.of(channel.receive(), channel.receive(), channel.receive()))
                    .containsExactly(0, 1, 2);
        });
    }

    @Test
    void waitingReceiverOwnsTheItemAlsoBeforeItRuns() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(1);
            receiver(channel);
            pass();
            assertThat(channel.trySend(2)).isTrue();
            assertThat(channel.tryReceive()).isNull();
            pass();

            assertThat(log).containsExactly(2);
        });
    }

    @Test
    void waitingSenderOwnsTheRoomThatBecomesFree() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(1);
            channel.send(1);
            spawn(() -> channel.send(2));
            pass();
            assertThat(channel.tryReceive()).isEqualTo(1);
            assertThat(channel.trySend(3)).isFalse();

            assertThat(channel.receive()).isEqualTo(2);
        });
    }

    // ---- cancellation

    @Test
    void receiverCancelledBeforeItRunsLeavesTheItemToTheNext() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var first = receiver(channel);
            var second = receiver(channel);
            pass();
            channel.send(1);
            first.cancel();
            await(second);

            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(log).containsExactly(1);
        });
    }

    @Test
    void receiversCancelledBeforeTheyRunLeaveTheItemsInOrder() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var first = receiver(channel);
            var second = receiver(channel);
            pass();
            channel.send(1);
            channel.send(2);
            first.cancel();
            second.cancel();
            pass();
            pass();

            assertThat(log).isEmpty();
            assertThat(channel.receive()).isEqualTo(1);
            assertThat(channel.receive()).isEqualTo(2);
        });
    }

    @Test
    void senderCancelledWhileItWaitsHasSentNothing() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous().onUndelivered(log::add);
            var sender = spawn(() -> channel.send(1));
            pass();
            sender.cancel();
            assertThatThrownBy(sender::await).isInstanceOf(CancelledError.class);

            assertThat(channel.tryReceive()).isNull();
            assertThat(log).containsExactly(1);
        });
    }

    @Test
    void senderCancelledAfterItsItemWasTakenGoesOnToItsNextWait() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous().onUndelivered(log::add);
            var sender = spawn(() -> {
                channel.send(1);
                log.add("sent");
                sleep(Duration.ZERO);
                log.add("not reached");
            });
            pass();
            assertThat(channel.receive()).isEqualTo(1);
            sender.cancel();
            assertThatThrownBy(sender::await).isInstanceOf(CancelledError.class);

            assertThat(log).containsExactly("sent");
        });
    }

    @Test
    void scopeThatIsCancelledAfterTheItemWasTakenEndsTheNextWait() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var scope = new CancelScope();
            var sender = spawn(() -> {
                scope.run(() -> {
                    channel.send(1);
                    log.add("sent");
                    sleep(Duration.ZERO);
                    log.add("not reached");
                });
                sleep(Duration.ZERO);
                log.add("after the scope");
            });
            pass();
            assertThat(channel.receive()).isEqualTo(1);
            scope.cancel();
            await(sender);

            assertThat(log).containsExactly("sent", "after the scope");
            assertThat(sender.cancelRequests()).isZero();
        });
    }

    @Test
    void nothingIsLeftOfAWaitThatACancelledScopeDidNotAllow() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var lock = Lock.owned();
            var holder = spawn(() -> {
                lock.acquire();
                sleep(Duration.ofSeconds(1));
                lock.release();
            });
            pass();
            var scope = new CancelScope();
            scope.run(() -> {
                scope.cancel();
                for (Action wait : List.<Action>of(channel::receive, () -> channel.send(1), lock::acquire)) {
                    assertThatThrownBy(wait::run).isInstanceOf(CancelledError.class);
                }
            });

            assertThat(channel.statistics()).isEqualTo(new Channel.Statistics(0, 0, 0, 0, 0, 0, false));
            assertThat(lock.statistics().waiting()).isZero();
            await(holder);
            assertThat(lock.isLocked()).isFalse();
        });
    }

    @Test
    void receiverLeftBehindByACancelledOneGetsTheItemAlsoAfterClose() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var first = receiver(channel);
            var second = receiver(channel);
            pass();
            channel.send(1);
            channel.close();
            first.cancel();
            await(second);

            assertThat(log).containsExactly(1);
        });
    }

    // ---- closing

    @Test
    void closedChannelIsReceivedToItsEnd() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(2);
            channel.send(1);
            channel.send(2);
            var third = spawn(() -> channel.send(3));
            pass();
            channel.close();
            channel.close();
            assertThat(channel.isClosed()).isTrue();
            assertThat(channel.isDrained()).isFalse();
            for (int item : channel) {
                log.add(item);
            }
            await(third);

            assertThat(log).containsExactly(1, 2, 3);
            assertThat(channel.isDrained()).isTrue();
            assertThatThrownBy(channel::receive).isInstanceOf(EndOfChannelException.class);
            assertThatThrownBy(channel::tryReceive).isInstanceOf(EndOfChannelException.class);
            assertThatThrownBy(() -> channel.send(4))
                    .isInstanceOf(ChannelClosedException.class)
                    .hasMessage("the channel is closed");
            assertThatThrownBy(() -> channel.trySend(4)).isInstanceOf(ChannelClosedException.class);
            assertThat(channel.iterator().hasNext()).isFalse();
        });
    }

    @Test
    void closingWakesWaitingReceiversWithTheEnd() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var receiver = spawn(channel::receive);
            var loop = spawn(() -> {
                for (int item : channel) {
                    log.add(item);
                }
                return "ended";
            });
            pass();
            channel.close();

            assertThatThrownBy(receiver::await).isInstanceOf(EndOfChannelException.class);
            assertThat(loop.await()).isEqualTo("ended");
        });
    }

    @Test
    void closedWithACauseGivesThatToReceiversAtTheEndAndToSenders() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(1);
            channel.send(1);
            var broken = new IllegalArgumentException("broken");
            assertThat(channel.close(broken)).isTrue();
            assertThat(channel.close(new IOException())).isFalse();

            assertThat(channel.receive()).isEqualTo(1);
            assertThatThrownBy(channel::receive).isSameAs(broken);
            assertThatThrownBy(channel::tryReceive).isSameAs(broken);
            assertThatThrownBy(() -> channel.send(2)).isSameAs(broken);
            assertThatThrownBy(() -> channel.iterator().hasNext()).isSameAs(broken);
        });
    }

    @Test
    void checkedCauseComesWrapped() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(1);
            var broken = new IOException("broken");
            channel.close(broken);

            assertThatThrownBy(channel::receive)
                    .isInstanceOf(ChannelClosedException.class)
                    .hasCause(broken);
        });
    }

    @Test
    void cancelDropsWhatIsInTheChannelAndEndsSenders() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(2).onUndelivered(log::add);
            channel.send(1);
            channel.send(2);
            var third = spawn(() -> channel.send(3));
            pass();
            channel.cancel();
            assertThatThrownBy(third::await)
                    .isInstanceOf(ChannelClosedException.class)
                    .hasMessageContaining("nobody receives");

            assertThat(log).containsExactlyInAnyOrder(1, 2, 3);
            assertThatThrownBy(channel::receive).isInstanceOf(EndOfChannelException.class);
            assertThat(channel).hasToString("Channel[0 of 2 items, cancelled]");
        });
    }

    @Test
    void itemOnItsWayToAReceiverSurvivesCancelUnlessTheReceiverIsCancelledToo() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous().onUndelivered(item -> log.add("dropped " + item));
            receiver(channel);
            var second = receiver(channel);
            pass();
            channel.send(1);
            channel.send(2);
            channel.cancel();
            second.cancel();
            pass();

            assertThat(log).containsExactly(1, "dropped 2");
        });
    }

    @Test
    void whatIsSentToAClosedChannelIsUndelivered() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>unlimited().onUndelivered(log::add);
            channel.close();
            assertThatThrownBy(() -> channel.send(1)).isInstanceOf(ChannelClosedException.class);
            assertThatThrownBy(() -> channel.trySend(2)).isInstanceOf(ChannelClosedException.class);

            assertThat(log).containsExactly(1); // what trySend did not take its caller has yet
        });
    }

    // ---- ends

    @Test
    void channelIsClosedWithItsLastSender() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>unlimited();
            var first = channel.sender();
            var second = first.copy();
            assertThat(channel.statistics().senders()).isEqualTo(2);
            first.send(1);
            first.close();
            first.close();
            assertThat(channel.isClosed()).isFalse();
            assertThatThrownBy(() -> first.send(2))
                    .isInstanceOf(ChannelClosedException.class)
                    .hasMessageContaining("this Sender is closed");
            assertThatThrownBy(first::copy).isInstanceOf(ChannelClosedException.class);
            second.send(2);
            second.close();
            channel.forEach(log::add);

            assertThat(log).containsExactly(1, 2);
        });
    }

    @Test
    void channelIsCancelledWithItsLastReceiver() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>buffered(1).onUndelivered(log::add);
            var sender = channel.sender();
            var first = channel.receiver();
            var second = first.copy();
            sender.send(1);
            var waiting = spawn(() -> sender.send(2));
            pass();
            first.close();
            pass();
            assertThat(waiting.isDone()).isFalse();
            second.close();

            assertThatThrownBy(waiting::await)
                    .isInstanceOf(ChannelClosedException.class)
                    .hasMessageContaining("nobody receives");
            assertThatThrownBy(() -> sender.send(3)).isInstanceOf(ChannelClosedException.class);
            assertThatThrownBy(first::receive).hasMessageContaining("this Receiver is closed");
            assertThat(log).containsExactlyInAnyOrder(1, 2, 3);
        });
    }

    @Test
    void closingAnEndTurnsOutWhoWaitsInItAndNobodyElse() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            var receiver = channel.receiver();
            var other = receiver.copy();
            var turnedOut = spawn(receiver::receive);
            var stays = spawn(other::receive);
            pass();
            receiver.close();
            assertThatThrownBy(turnedOut::await)
                    .isInstanceOf(ChannelClosedException.class)
                    .hasMessageContaining("this Receiver is closed");
            channel.send(1);
            assertThat(stays.await()).isEqualTo(1);

            var sender = channel.sender();
            var sending = spawn(() -> sender.send(2));
            var copy = sender.copy();
            pass();
            sender.close();
            assertThatThrownBy(sending::await).hasMessageContaining("this Sender is closed");
            assertThat(channel.tryReceive()).isNull();
            copy.close();
        });
    }

    @Test
    void endsCloseWithTheirBlocks() throws Exception {
        time.run(() -> {
            var channel = Channel.<Integer>rendezvous();
            for (int i = 0; i < 3; i++) {
                int from = 10 * i;
                var sender = channel.sender();
                spawn(() -> {
                    try (sender) {
                        sender.send(from);
                        sender.send(from + 1);
                    }
                });
            }
            try (var receiver = channel.receiver()) {
                receiver.forEach(log::add);
            }

            assertThat(log).containsExactlyInAnyOrder(0, 1, 10, 11, 20, 21);
        });
    }

    // ---- producers

    @Test
    void channelOfAProducerEndsWithIt() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            var numbers = Channel.<Integer>produce(group, 0, out -> {
                for (int i = 1; i <= 3; i++) {
                    out.send(i);
                }
            });
            numbers.forEach(log::add);

            assertThat(log).containsExactly(1, 2, 3);
            return true;
        }));
    }

    @Test
    void failureOfAProducerComesAfterItsItemsAndOutOfItsGroup() throws Exception {
        time.run(() -> {
            var broken = new IllegalArgumentException("broken");
            assertThatThrownBy(() -> TaskGroup.supervise(group -> {
                        var numbers = Channel.<Integer>produce(group, 5, out -> {
                            out.send(1);
                            throw broken;
                        });
                        numbers.forEach(log::add);
                        return null;
                    }))
                    .isSameAs(broken);
            assertThat(log).containsExactly(1);
            assertThatThrownBy(() -> TaskGroup.within(group -> {
                        Channel.<Integer>produce(group, 5, _ -> {
                            throw broken;
                        });
                        return null;
                    }))
                    .isSameAs(broken);
        });
    }

    @Test
    void producerIsCancelledWithItsLastReceiver() throws Exception {
        time.run(() -> TaskGroup.within(group -> {
            for (int capacity = 0; capacity < 3; capacity++) {
                try (var numbers = Channel.<Integer>produce(group, capacity, out -> {
                    for (int i = 1; ; i++) {
                        out.send(i);
                        if (i == 2) {
                            sleep(Duration.ofHours(1));
                        }
                    }
                })) {
                    log.add(numbers.receive());
                }
            }
            return true;
        }));

        assertThat(log).containsExactly(1, 1, 1);
        assertThat(time.elapsedMillis()).isZero();
    }
}
