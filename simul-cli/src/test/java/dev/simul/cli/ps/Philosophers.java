package dev.simul.cli.ps;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;

import dev.simul.TaskGroup;
import dev.simul.sync.Lock;
import java.time.Duration;

/** A program to be looked at: it prepares nothing, says "ready" and stays as it is until it is killed. */
final class Philosophers {

    private Philosophers() {}

    public static void main(String[] arguments) throws Exception {
        run(() -> {
            var left = new Lock();
            var right = new Lock();
            if (arguments[0].equals("hungry")) {
                spawn("Plato", () -> eat(left, right));
                spawn("Kant", () -> eat(right, left));
            }
            spawn(
                    "academy",
                    () -> TaskGroup.<Integer, Integer>within(school -> {
                        school.fork(() -> sleep(Duration.ofHours(1)));
                        sleep(Duration.ofHours(2));
                        return 1;
                    }));
            sleep(Duration.ofMillis(50));
            System.out.println("ready");
            if (arguments[0].equals("thinking")) {
                spawn("Descartes", () -> think());
            }
            sleep(Duration.ofHours(3));
        });
    }

    private static void eat(Lock first, Lock second) {
        try (var _ = first.hold()) {
            sleep(Duration.ofMillis(1));
            second.acquire();
        }
    }

    private static void think() {
        while (true) {
            Thread.onSpinWait();
        }
    }
}
