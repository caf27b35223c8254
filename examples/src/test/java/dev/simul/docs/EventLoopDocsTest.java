package dev.simul.docs;

import static dev.simul.Async.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.CancelledError;
import dev.simul.EventLoop;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.TaskGroup;
import dev.simul.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** The snippets of docs/event-loop.md. */
@SuppressWarnings({"SystemOut", "StringSplitter", "FutureReturnValueIgnored"}) // the reader's code, not ours
class EventLoopDocsTest {
    private final List<String> saved = new ArrayList<>();

    @Test
    void twoPagesAreCountedAtTheSameTime() throws Exception {
        int words = run(() -> {
            Task<Integer> slow = spawn(() -> countWords("a slow page", ofMillis(20)));
            int fast = countWords("fast", ofMillis(5));
            return fast + slow.await();
        });
        assertThat(words).isEqualTo(4);
    }

    @Test
    void groupSumsTheWordsOfItsPages() throws Exception {
        assertThat(run(() -> sum(List.of("one", "two words", "three words here"))))
                .isEqualTo(6);
    }

    private static int sum(List<String> pages) throws Exception {
        try (var group = TaskGroup.<Integer>open()) {
            for (var page : pages) {
                group.fork(() -> countWords(page, ofMillis(10)));
            }
            return group.join().stream().mapToInt(Integer::intValue).sum();
        } // nothing forked outlives this brace
    }

    @Test
    void gatherKeepsTheOrder() throws Exception {
        run(() -> {
            List<Integer> both = gather(() -> countWords("a", ofMillis(10)), () -> countWords("a b", ofMillis(5)));
            assertThat(both).containsExactly(1, 2);
        });
    }

    @Test
    void raceReturnsTheFirst() throws Exception {
        run(() -> {
            String first = race(() -> fetch("near", ofMillis(5)), () -> fetch("far", ofSeconds(5)));
            assertThat(first).isEqualTo("near");
        });
    }

    @Test
    void manyPagesAreCountedAFewAtATime() throws Exception {
        var pages = List.of("one", "two words", "three words here");
        run(() -> {
            List<Integer> counts = map(8, pages, page -> countWords(page, ofMillis(10)));
            assertThat(counts).containsExactly(1, 2, 3);
        });
    }

    @Test
    void tasksComeAsTheyEnd() throws Exception {
        run(() -> {
            Task<Integer> near = spawn(() -> countWords("near", ofMillis(5)));
            Task<Integer> far = spawn(() -> countWords("far away", ofMillis(20)));
            for (var task : asCompleted(List.of(far, near))) {
                System.out.println(task.result()); // the near one first
            }
            Task<List<Integer>> all = gather(near, far);
            assertThat(all.result()).containsExactly(1, 2);
        });
    }

    @Test
    void timeoutGivesUp() throws Exception {
        assertThat(run(() -> fetchInTime())).isEqualTo("gave up");
    }

    private static String fetchInTime() throws Exception {
        try {
            return timeout(ofMillis(10), () -> fetch("far", ofSeconds(5)));
        } catch (TimeoutException e) {
            return "gave up";
        }
    }

    @Test
    void shieldedOrderIsSavedAllTheSame() throws Exception {
        run(() -> {
            var order = spawn(() -> shield(() -> save("order 17")));
            sleep(ofMillis(1));
            order.cancel("the customer left");
            assertThatThrownBy(order::await).isInstanceOf(CancelledError.class).hasMessage("the customer left");
            sleep(ofMillis(50));
        });
        assertThat(saved).containsExactly("order 17");
    }

    @Test
    void blockingWorkRunsOnAnExecutor() throws Exception {
        assertThat(run(() -> renderElsewhere())).isEqualTo("invoice.pdf");
    }

    private static String renderElsewhere() throws Exception {
        try (var executor = Executors.newFixedThreadPool(4)) {
            Task<String> pdf = on(executor, () -> render("invoice"));
            sleep(ofMillis(1)); // the loop is free meanwhile
            return pdf.await();
        }
    }

    @Test
    void otherThreadsSubmitWork() throws Exception {
        assertThat(countForAnotherThread(new Promise<>("stop"))).isEqualTo(3);
    }

    private static int countForAnotherThread(Promise<Integer> stop) throws Exception {
        try (var loop = EventLoop.open()) {
            Task<Integer> counted = loop.submit(() -> countWords("sent from elsewhere", ofMillis(1)));
            Thread.startVirtualThread(() -> loop.submit(() -> stop.complete(counted.join())));
            return loop.run(() -> stop.await());
        }
    }

    @Test
    void twelveHoursTakeAMoment() throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            loop.run(() -> {
                sleep(ofHours(12));
                return "done";
            });
        }
        System.out.println(clock.elapsed()); // PT12H
        assertThat(clock.elapsed()).isEqualTo(ofHours(12));
    }

    private static int countWords(String page, Duration delay) {
        sleep(delay);
        return page.split(" ").length;
    }

    private static String fetch(String name, Duration delay) {
        sleep(delay);
        return name;
    }

    private static String render(String document) {
        return document + ".pdf";
    }

    private boolean save(String order) {
        sleep(ofMillis(10));
        return saved.add(order);
    }
}
