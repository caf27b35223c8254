package dev.simul.docs;

import static dev.simul.Async.*;
import static dev.simul.sync.Select.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.EventLoop;
import dev.simul.VirtualClock;
import dev.simul.sync.Channel;
import dev.simul.sync.Condition;
import dev.simul.sync.Event;
import dev.simul.sync.Lock;
import dev.simul.sync.MemoryStream;
import dev.simul.sync.Queue;
import dev.simul.sync.Semaphore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The snippets of docs/synchronisation.md. */
@SuppressWarnings({"StringSplitter", "FutureReturnValueIgnored"}) // the reader's code, not ours
class SynchronisationDocsTest {
    private final List<String> pages = List.of("a b", "c", "d e f");
    private int downloading;
    private int mostDownloading;

    @Test
    void lockKeepsOthersOutWhileItsHolderWaits() throws Exception {
        var account = new Account();
        var lock = new Lock();
        run(() -> gather(() -> deposit(lock, account), () -> deposit(lock, account)));
        assertThat(account.balance).isEqualTo(2);
    }

    private static boolean deposit(Lock lock, Account account) {
        try (var _ = lock.hold()) {
            int balance = account.read();
            account.write(balance + 1); // waits, and nobody came in between
        }
        return true;
    }

    @Test
    void semaphoreLimitsHowManyDownload() throws Exception {
        onVirtualTime(() -> {
            var atATime = new Semaphore(2);
            var all = pages.stream()
                    .map(page -> spawn(() -> {
                        try (var _ = atATime.hold()) {
                            return download(page);
                        }
                    }))
                    .toList();
            for (var task : all) {
                task.await();
            }
            assertThat(mostDownloading).isEqualTo(2);
        });
    }

    @Test
    void eventServesWhoWaits() throws Exception {
        run(() -> {
            var ready = new Event();
            var waiter = spawn(() -> {
                ready.await();
                return "served";
            });
            ready.set();
            assertThat(waiter.await()).isEqualTo("served");
        });
    }

    @Test
    void conditionWaitsForTwoPieces() throws Exception {
        run(() -> {
            var stock = new Condition();
            var pieces = new ArrayList<String>();
            var taker = spawn(() -> takeTwo(stock, pieces));
            for (int i = 0; i < 2; i++) {
                sleep(ofMillis(1));
                try (var _ = stock.hold()) {
                    pieces.add("bolt");
                    stock.signal();
                }
            }
            assertThat(taker.await()).containsExactly("bolt", "bolt");
        });
    }

    private static List<String> takeTwo(Condition stock, List<String> pieces) {
        try (var _ = stock.hold()) {
            stock.awaitFor(() -> pieces.size() >= 2);
            return List.of(pieces.removeFirst(), pieces.removeFirst());
        }
    }

    @Test
    void threeWorkersShareAQueue() throws Exception {
        var done = new ArrayList<String>();
        onVirtualTime(() -> {
            var queue = new Queue<String>(10);
            for (int i = 0; i < 3; i++) {
                spawn(() -> {
                    while (true) {
                        done.add(download(queue.get()));
                        queue.taskDone();
                    }
                });
            }
            for (var page : pages) {
                queue.put(page);
            }
            queue.join();
        });
        assertThat(done).containsExactlyInAnyOrderElementsOf(pages);
    }

    @Test
    void loopOverAChannelEndsWithIt() throws Exception {
        run(() -> {
            var channel = Channel.<Integer>buffered(10);
            spawn(() -> {
                for (int i = 1; i <= 3; i++) {
                    channel.send(i);
                }
                channel.close();
            });
            int sum = 0;
            for (int item : channel) {
                sum += item;
            }
            assertThat(sum).isEqualTo(6);
        });
    }

    @Test
    void channelIsClosedWithItsLastSender() throws Exception {
        var words = Channel.<String>rendezvous();
        var found = new ArrayList<String>();
        run(() -> {
            for (var page : pages) {
                var sender = words.sender();
                spawn(() -> {
                    try (sender) {
                        for (var word : page.split(" ")) {
                            sender.send(word);
                        }
                    }
                });
            }
            try (var receiver = words.receiver()) {
                for (var word : receiver) {
                    found.add(word);
                }
            }
        });
        assertThat(found).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f");
    }

    @Test
    void firstNewsIsTaken() throws Exception {
        onVirtualTime(() -> {
            var mail = Channel.<String>rendezvous();
            var delivery = spawn(() -> {
                sleep(ofSeconds(5));
                return "a book";
            });
            String news = select(
                    onReceive(mail, letter -> "a letter: " + letter),
                    onAwait(delivery, parcel -> "a parcel: " + parcel),
                    onTimeout(ofSeconds(10), () -> "nothing"));
            assertThat(news).isEqualTo("a parcel: a book");
        });
    }

    @Test
    void echoComesBack() throws Exception {
        run(() -> {
            var connection = MemoryStream.pair();
            spawn(() -> {
                try (var server = connection.right()) {
                    server.sendAll(server.receiveSome());
                }
            });
            connection.left().sendAll("echo".getBytes(UTF_8));
            String answer = new String(connection.left().receiveSome(), UTF_8);
            assertThat(answer).isEqualTo("echo");
        });
    }

    private static void onVirtualTime(dev.simul.Action main) throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            loop.run(() -> {
                main.run();
                return true;
            });
        }
    }

    private String download(String page) {
        mostDownloading = Math.max(mostDownloading, ++downloading);
        sleep(ofMillis(10));
        downloading--;
        return page;
    }

    private static final class Account {
        private int balance;

        int read() {
            sleep(ofMillis(1));
            return balance;
        }

        void write(int balance) {
            sleep(ofMillis(1));
            this.balance = balance;
        }
    }
}
