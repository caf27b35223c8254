package dev.simul.sync;

import static dev.simul.Async.currentTask;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.sync.Select.onAcquire;
import static dev.simul.sync.Select.onLock;
import static dev.simul.sync.Select.onReceive;
import static dev.simul.sync.Select.onSend;
import static dev.simul.sync.Select.onTimeout;
import static dev.simul.sync.Select.select;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.Action;
import dev.simul.CancelledError;
import dev.simul.EventLoop;
import dev.simul.Outcome;
import dev.simul.Task;
import dev.simul.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Random programs in which coroutines take and give at random, and are cancelled and timed out at random moments, half of
 * them with a random order of steps: whatever happens, nothing is lost, nothing is there twice, nobody is overtaken.
 */
class NothingIsLostUnderCancellationTest {

    private static final int PROGRAMS = 200;

    private final List<Integer> asked = new ArrayList<>();
    private final List<Integer> got = new ArrayList<>();
    private final Set<Integer> succeeded = new HashSet<>();
    private final List<Task<?>> tasks = new ArrayList<>();
    private final Map<Task<?>, Integer> askedAt = new HashMap<>();
    private boolean inOrder;
    private Random random = new Random();
    private int inside;
    private int mostInside;
    private int next;

    @FunctionalInterface
    private interface Part {
        void play() throws Exception;
    }

    /**
     * What is played.
     *
     * @param parts what each of its coroutines does, again and again
     * @param relief what gives those something who wait for what cancelled ones did not do
     * @param check what is true at the end
     */
    private record Play(List<Part> parts, Action relief, Action check) {}

    private void play(Supplier<Play> plays) throws Exception {
        for (int seed = 0; seed < PROGRAMS; seed++) {
            random = new Random(seed);
            asked.clear();
            got.clear();
            succeeded.clear();
            tasks.clear();
            askedAt.clear();
            inOrder = seed % 2 == 0;
            inside = 0;
            mostInside = 0;
            next = 0;
            var order = new Random(seed);
            try (var loop = inOrder
                    ? EventLoop.open(new VirtualClock())
                    : EventLoop.open(new VirtualClock(), ready -> order.nextInt(ready.size()))) {
                var play = plays.get();
                loop.run(() -> {
                    perform(play);
                    play.check.run();
                    return null;
                });
            } catch (Throwable e) {
                throw new AssertionError("program " + seed + (inOrder ? "" : " in a random order"), e);
            }
        }
    }

    private void perform(Play play) throws Exception {
        for (var part : play.parts) {
            tasks.add(spawn(() -> turns(part)));
        }
        for (int i = random.nextInt(3 * tasks.size()); i > 0; i--) {
            rest();
            tasks.get(random.nextInt(tasks.size())).cancel();
        }
        for (int i = 0; !tasks.stream().allMatch(Task::isDone); i++) {
            assertThat(i).as("rounds of relief for %s", tasks).isLessThan(1000);
            sleep(Duration.ofMillis(1));
            play.relief.run();
        }
        for (var task : tasks) {
            if (task.outcome() instanceof Outcome.Threw<?> threw) {
                throw new AssertionError(task + " failed", threw.error());
            }
        }
    }

    private void turns(Part part) throws Exception {
        for (int i = 0; i < 6; i++) {
            try {
                if (random.nextInt(4) == 0) {
                    timeout(Duration.ofMillis(random.nextInt(4)), part::play);
                } else {
                    part.play();
                }
            } catch (TimeoutException e) {
                // once more
            } catch (CancelledError e) {
                if (random.nextBoolean()) {
                    throw e;
                }
            }
        }
    }

    /** Lets others run, or time pass. */
    private void rest() {
        sleep(shortly());
    }

    private Duration shortly() {
        return Duration.ofMillis(random.nextInt(3));
    }

    private void beInside() {
        mostInside = Math.max(mostInside, ++inside);
        try {
            rest();
        } finally {
            inside--;
        }
    }

    /** More who give than who take in some programs, and fewer in others, so that on each side some wait at the same time. */
    private List<Part> cast(Part giver, Part taker) {
        List<Part> parts = new ArrayList<>(Collections.nCopies(1 + random.nextInt(4), giver));
        parts.addAll(Collections.nCopies(1 + random.nextInt(4), taker));
        Collections.shuffle(parts, random);
        return parts;
    }

    /** Cancels somebody who was woken in this very step, most likely: he has to pass his turn on. */
    private void strike() {
        if (random.nextInt(3) == 0) {
            var waitsLongest = tasks.stream().filter(task -> !task.isDone()).min(Comparator.comparing(this::askedAt));
            waitsLongest.ifPresent(task -> task.cancel());
        }
    }

    private int askedAt(Task<?> task) {
        return askedAt.getOrDefault(task, Integer.MAX_VALUE);
    }

    /** What may wait, as one in the line of those at whom {@link #strike} aims. */
    private <T> T inLine(Callable<T> wait) throws Exception {
        var me = Objects.requireNonNull(currentTask());
        askedAt.put(me, next++);
        try {
            return wait.call();
        } finally {
            askedAt.remove(me);
        }
    }

    /** Whether nobody is on the way: all who have not ended are among those that wait. */
    private boolean allWait(int waiting) {
        return waiting == tasks.stream().filter(task -> !task.isDone()).count();
    }

    /** Those who got something did so in the order of asking. */
    private void assertNobodyWasOvertaken() {
        List<Integer> expected = new ArrayList<>(asked);
        expected.retainAll(new HashSet<>(got));
        assertThat(got).isEqualTo(expected);
    }

    @Test
    void lockIsHeldByOneAtATimeInTheOrderOfAsking() throws Exception {
        play(() -> {
            var lock = new Lock();
            Part part = () -> {
                int ticket = next++;
                asked.add(ticket);
                if (random.nextInt(3) == 0) {
                    boolean locked = select(onLock(lock, () -> true), onTimeout(shortly(), () -> false));
                    if (!locked) {
                        return;
                    }
                } else {
                    lock.acquire();
                }
                got.add(ticket);
                try {
                    beInside();
                } finally {
                    lock.release();
                    strike();
                }
            };
            return new Play(Collections.nCopies(6, part), () -> {}, () -> {
                assertThat(mostInside).isEqualTo(1);
                assertThat(lock.statistics()).isEqualTo(new Lock.Statistics(false, null, 0));
                assertNobodyWasOvertaken();
            });
        });
    }

    @Test
    void semaphoreKeepsItsPermits() throws Exception {
        play(() -> {
            var semaphore = new BoundedSemaphore(2);
            Part part = () -> {
                int ticket = next++;
                asked.add(ticket);
                if (random.nextInt(3) == 0) {
                    boolean acquired = select(onAcquire(semaphore, () -> true), onTimeout(shortly(), () -> false));
                    if (!acquired) {
                        return;
                    }
                } else {
                    semaphore.acquire();
                }
                got.add(ticket);
                try {
                    beInside();
                } finally {
                    semaphore.release();
                    strike();
                }
            };
            return new Play(Collections.nCopies(6, part), () -> {}, () -> {
                assertThat(mostInside).isBetween(1, 2);
                assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(2, 0));
                if (inOrder) {
                    assertNobodyWasOvertaken();
                }
            });
        });
    }

    @Test
    void limiterKeepsItsTokens() throws Exception {
        play(() -> {
            var limiter = new CapacityLimiter(2);
            Part part = () -> {
                try (var _ = limiter.hold()) {
                    limiter.totalTokens(1 + random.nextInt(2));
                    beInside();
                }
                strike();
            };
            return new Play(Collections.nCopies(6, part), () -> {}, () -> {
                assertThat(mostInside).isBetween(1, 2);
                assertThat(limiter.borrowedTokens()).isZero();
                assertThat(limiter.statistics().waiting()).isZero();
            });
        });
    }

    @Test
    void signalOfAConditionReachesSomebodyWhoWaits() throws Exception {
        play(() -> {
            var condition = new Condition();
            int[] stock = {0};
            Part giver = () -> {
                try (var _ = condition.hold()) {
                    stock[0]++;
                    condition.signal();
                    strike();
                }
                rest();
            };
            Part taker = () -> {
                try (var _ = condition.hold()) {
                    inLine(() -> {
                        condition.awaitFor(() -> stock[0] > 0);
                        return true;
                    });
                    stock[0]--;
                }
            };
            Action relief = () -> {
                var now = condition.statistics();
                if (condition.isLocked() || !allWait(now.waiting())) {
                    return;
                }
                assertThat(stock[0] > 0 && now.waiting() > 0).isFalse();
                giver.play();
            };
            return new Play(cast(giver, taker), relief, () -> {
                assertThat(stock[0]).isNotNegative();
                assertThat(condition.statistics())
                        .isEqualTo(new Condition.Statistics(0, new Lock.Statistics(false, null, 0)));
            });
        });
    }

    @Test
    void queueKeepsItsItemsInOrder() throws Exception {
        play(() -> {
            var queue = new Queue<Integer>(1 + random.nextInt(2));
            Part putter = () -> {
                int item = next++;
                inLine(() -> {
                    queue.put(item);
                    return asked.add(item); // in the same step
                });
                strike();
            };
            Part getter = () -> {
                got.add(inLine(queue::get));
                strike();
            };
            Action relief = () -> {
                var waiting = queue.statistics();
                if (!allWait(waiting.getting() + waiting.putting())) {
                    return;
                }
                assertThat(waiting.getting() > 0 && !queue.isEmpty()).isFalse();
                assertThat(waiting.putting() > 0 && !queue.isFull()).isFalse();
                if (waiting.getting() > 0 && queue.tryPut(next)) {
                    asked.add(next++);
                    strike();
                }
                if (waiting.putting() > 0 && !queue.isEmpty()) {
                    got.add(queue.get());
                    strike();
                }
            };
            return new Play(cast(putter, getter), relief, () -> {
                assertThat(queue.statistics().getting() + queue.statistics().putting())
                        .isZero();
                while (!queue.isEmpty()) {
                    got.add(queue.get());
                }
                assertThat(got).isEqualTo(asked);
            });
        });
    }

    @Test
    void rendezvousLosesNothingAndKeepsTheOrder() throws Exception {
        playChannel(0);
    }

    @Test
    void bufferedChannelLosesNothingAndKeepsTheOrder() throws Exception {
        playChannel(2);
    }

    private void playChannel(int capacity) throws Exception {
        play(() -> {
            var dropped = new HashSet<Integer>();
            var channel = Channel.<Integer>buffered(capacity).onUndelivered(dropped::add);
            var never = Channel.<Integer>rendezvous();
            Part sender = () -> {
                int item = next++;
                asked.add(item);
                if (random.nextInt(3) == 0) {
                    boolean sent = select(
                            onReceive(never, _ -> false),
                            onSend(channel, item, () -> succeeded.add(item)),
                            onTimeout(shortly(), () -> false));
                    assertThat(sent).isEqualTo(succeeded.contains(item));
                } else {
                    channel.send(item);
                    succeeded.add(item);
                }
                strike();
            };
            Part receiver = () -> {
                if (random.nextInt(3) == 0) {
                    select(
                            onReceive(never, _ -> false),
                            onReceive(channel, got::add),
                            onTimeout(shortly(), () -> false));
                } else {
                    got.add(inLine(channel::receive));
                }
                strike();
            };
            Action relief = () -> {
                var now = channel.statistics();
                if (!allWait(now.sending() + now.receiving())) {
                    return;
                }
                assertThat(now.receiving() > 0 && now.size() + now.sending() > 0)
                        .isFalse();
                assertThat(now.sending() > 0 && now.size() < capacity).isFalse();
                if (channel.trySend(next)) {
                    asked.add(next);
                    succeeded.add(next++);
                    strike();
                }
                takeFrom(channel);
                strike();
            };
            return new Play(cast(sender, receiver), relief, () -> {
                while (takeFrom(channel)) {
                    // to the last
                }
                assertThat(new HashSet<>(got)).isEqualTo(succeeded);
                assertThat(Collections.disjoint(dropped, succeeded)).isTrue();
                assertNobodyWasOvertaken();
                assertThat(channel.statistics()).isEqualTo(new Channel.Statistics(0, capacity, 0, 0, 0, 0, false));
            });
        });
    }

    private boolean takeFrom(Channel<Integer> channel) {
        var item = channel.tryReceive();
        if (item != null) {
            got.add(item);
        }
        return item != null;
    }
}
