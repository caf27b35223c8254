package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order in which coroutines take their turns is asyncio's; the expected lists were printed by CPython. */
class InterleavingTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void tasksTakeTurnsInTheOrderInWhichTheyWereSpawned() throws Exception {
        run(() -> {
            var a = spawn(() -> steps("a", 3));
            var b = spawn(() -> steps("b", 2));
            log.add("main");
            a.await();
            b.await();
        });

        assertThat(log).containsExactly("main", "a0", "b0", "a1", "b1", "a2");
    }

    @Test
    void completionWakesTheWaiterThroughTheQueue() throws Exception {
        run(() -> {
            var promise = new Promise<String>("signal");
            var waiter = spawn(() -> {
                log.add("waits");
                log.add(promise.await());
            });
            var signaller = spawn(() -> {
                promise.complete("woken");
                log.add("completed");
                sleep(Duration.ZERO);
                log.add("after");
            });
            waiter.await();
            signaller.await();
        });

        assertThat(log).containsExactly("waits", "completed", "woken", "after");
    }

    @Test
    void awaitingWhatHasEndedDoesNotSwitch() throws Exception {
        run(() -> {
            var ended = spawn(() -> 1);
            sleep(Duration.ZERO);
            spawn(() -> log.add("other"));
            ended.await();
            log.add("main");
            sleep(Duration.ZERO);
        });

        assertThat(log).containsExactly("main", "other");
    }

    @Test
    void gatherRunsItsPartsInTurn() throws Exception {
        var results = run(() -> gather(() -> steps("a", 2), () -> steps("b", 2)));

        assertThat(results).containsExactly(2, 2);
        assertThat(log).containsExactly("a0", "b0", "a1", "b1");
    }

    private int steps(String name, int count) {
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                sleep(Duration.ZERO);
            }
            log.add(name + i);
        }
        return count;
    }
}
