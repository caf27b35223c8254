package dev.simul.test;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.sync.Select.onReceive;
import static dev.simul.sync.Select.onTimeout;
import static dev.simul.sync.Select.select;
import static dev.simul.test.TestLoop.cancelSometime;
import static dev.simul.test.TestLoop.waitAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.sync.Channel;
import dev.simul.sync.MemoryStream;
import dev.simul.sync.Queue;
import dev.simul.sync.QueueShutDownException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What passes items in {@code dev.simul.sync}: none is lost and none comes twice, whoever is cancelled where. */
class ItemsInterleavingsTest {

    private final List<Task<?>> tasks = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final List<String> received = new ArrayList<>();

    @Interleavings
    void queueKeepsItsItemsInOrderWhoeverIsCancelled() {
        var queue = new Queue<String>(1);
        for (var producer : List.of("a", "b")) {
            tasks.add(spawn(producer, () -> {
                for (int i = 0; i < 2; i++) {
                    queue.put(producer + i);
                    sent.add(producer + i);
                }
            }));
        }
        for (var consumer : List.of("c", "d")) {
            tasks.add(spawn(consumer, () -> {
                while (true) {
                    received.add(queue.get());
                    queue.taskDone();
                    sleep(Duration.ZERO);
                }
            }));
        }
        cancelSometime(tasks.get(1), tasks.get(2));
        waitAllBlocked();

        assertThat(received).containsExactlyInAnyOrderElementsOf(sent).doesNotHaveDuplicates();
        assertThat(received).filteredOn(item -> item.startsWith("a")).containsExactly("a0", "a1");
        queue.join();
        end();
    }

    @Interleavings
    void getThatTimesOutLeavesTheItem() throws Exception {
        var queue = new Queue<String>();
        tasks.add(spawn("impatient", () -> {
            try {
                received.add(timeout(Duration.ofMillis(10), queue::get));
            } catch (TimeoutException e) {
                sleep(Duration.ZERO);
            }
        }));
        tasks.add(spawn("producer", () -> {
            sleep(Duration.ofMillis(10));
            queue.put("item");
        }));
        joinAll();

        assertThat(received.size() + queue.size()).isEqualTo(1);
    }

    @Interleavings
    void queueThatIsShutDownLetsEverybodyEnd() {
        var queue = new Queue<String>(1);
        for (var name : List.of("a", "b")) {
            tasks.add(spawn(name, () -> {
                try {
                    queue.put(name);
                    sent.add(name);
                } catch (QueueShutDownException e) {
                    sleep(Duration.ZERO);
                }
            }));
        }
        tasks.add(spawn("consumer", () -> {
            try {
                while (true) {
                    received.add(queue.get());
                    queue.taskDone();
                }
            } catch (QueueShutDownException e) {
                sleep(Duration.ZERO);
            }
        }));
        cancelSometime(tasks.get(0), tasks.get(2));
        sleep(Duration.ZERO);
        queue.shutdown();
        joinAll();

        assertThat(received.size() + queue.size()).isEqualTo(sent.size());
    }

    @Interleavings
    void rendezvousPassesWhatIsSentAndNothingElse() {
        passItems(Channel.rendezvous());
    }

    @Interleavings
    void bufferedChannelPassesWhatIsSentAndNothingElse() {
        passItems(Channel.buffered(1));
    }

    @Interleavings
    void unlimitedChannelPassesWhatIsSentAndNothingElse() {
        passItems(Channel.unlimited());
    }

    private void passItems(Channel<String> channel) {
        List<String> undelivered = new ArrayList<>();
        for (var sender : List.of("a", "b")) {
            tasks.add(spawn(sender, () -> {
                for (int i = 0; i < 2; i++) {
                    channel.send(sender + i);
                    sent.add(sender + i);
                }
            }));
        }
        for (var receiver : List.of("c", "d")) {
            tasks.add(spawn(receiver, () -> {
                for (var item : channel) {
                    received.add(item);
                }
            }));
        }
        cancelSometime(tasks.get(1), tasks.get(3));
        waitAllBlocked();
        assertThat(received).containsExactlyInAnyOrderElementsOf(sent).doesNotHaveDuplicates();
        assertThat(received).filteredOn(item -> item.startsWith("a")).containsExactly("a0", "a1");
        channel.onUndelivered(undelivered::add).cancel();
        assertThat(undelivered).isEmpty();
        end();
    }

    @Interleavings
    void closedChannelGivesOutWhatIsLeftAndThenEnds() {
        var channel = Channel.<String>buffered(2);
        tasks.add(spawn("sender", () -> {
            try (channel) {
                for (var item : List.of("x", "y", "z")) {
                    channel.send(item);
                }
            }
        }));
        for (var receiver : List.of("c", "d")) {
            tasks.add(spawn(receiver, () -> channel.forEach(received::add)));
        }
        joinAll();

        assertThat(received).containsExactlyInAnyOrder("x", "y", "z");
        assertThat(channel.isDrained()).isTrue();
    }

    @Interleavings
    void selectTakesOneItemOrNone() {
        var one = Channel.<String>rendezvous();
        var other = Channel.<String>buffered(1);
        tasks.add(spawn("one", () -> {
            one.send("one");
            sent.add("one");
        }));
        tasks.add(spawn("other", () -> {
            other.send("other");
            sent.add("other");
        }));
        tasks.add(spawn("selector", () -> {
            var item = select(
                    onReceive(one, each -> each),
                    onReceive(other, each -> each),
                    onTimeout(Duration.ofMillis(5), () -> "none"));
            if (!item.equals("none")) {
                received.add(item);
            }
        }));
        cancelSometime(tasks.get(2));
        waitAllBlocked(Duration.ofMillis(10));

        for (var channel : List.of(one, other)) {
            for (var left = channel.tryReceive(); left != null; left = channel.tryReceive()) {
                received.add(left);
            }
        }
        waitAllBlocked();
        assertThat(received).containsExactlyInAnyOrderElementsOf(sent);
        end();
    }

    @Interleavings
    void twoWhoSelectDoNotGetTheSameItem() {
        var one = Channel.<String>unlimited();
        var other = Channel.<String>unlimited();
        for (var name : List.of("s", "t")) {
            tasks.add(spawn(name, () -> {
                received.add(select(onReceive(one, each -> each), onReceive(other, each -> each)));
            }));
        }
        tasks.add(spawn("a", () -> one.send("a")));
        tasks.add(spawn("b", () -> other.send("b")));
        cancelSometime(tasks.get(0));
        waitAllBlocked();

        assertThat(received.size() + one.size() + other.size()).isEqualTo(2);
        assertThat(received).doesNotHaveDuplicates();
        end();
    }

    @Interleavings
    void streamBringsBytesInOrderAndThenTheEnd() {
        var pair = MemoryStream.pair();
        tasks.add(spawn("sender", () -> {
            for (byte i = 0; i < 3; i++) {
                pair.left().sendAll(new byte[] {i});
            }
            pair.left().close();
        }));
        tasks.add(spawn("receiver", () -> {
            for (var some = pair.right().receiveSome(1);
                    some.length > 0;
                    some = pair.right().receiveSome(1)) {
                received.add("" + some[0]);
            }
        }));
        joinAll();

        assertThat(received).containsExactly("0", "1", "2");
    }

    private void end() {
        tasks.forEach(Task::cancel);
        joinAll();
    }

    private void joinAll() {
        for (var task : tasks) {
            try {
                task.join();
            } catch (CancelledError e) {
                assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            }
        }
    }
}
