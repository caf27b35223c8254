package dev.simul.examples;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;

import dev.simul.Task;

/**
 * Tasks take turns on one thread, and only where they wait.
 *
 * <p>The order in which the lines appear is not luck: it is the one that Python's asyncio gives the same program.
 */
public final class InterleavingTasks {
    private InterleavingTasks() {}

    public static void main(String[] args) throws Exception {
        run(() -> {
            var fives = spawn(() -> count("fives", 5, 15));
            var listener = spawn(() -> listen(fives));
            System.out.println("two tasks are spawned, none has run");

            for (var line : gather(() -> count("ones", 1, 4), () -> count("tens", 10, 20))) {
                System.out.println(line);
            }
            listener.await();
            gather(() -> nap("long", 60), () -> nap("short", 30), () -> nap("none", 0));
            System.out.println("all done");
        });
    }

    private static String count(String name, int step, int last) {
        for (int number = step; number <= last; number += step) {
            System.out.println(name + ": " + number);
            sleep(ZERO); // the others' turn
        }
        return name + " are counted up to " + last;
    }

    private static void listen(Task<String> task) throws Exception {
        System.out.println("listening");
        System.out.println("heard: " + task.await());
    }

    private static String nap(String name, int milliseconds) {
        System.out.println(name + " nap begins");
        sleep(ofMillis(milliseconds));
        System.out.println(name + " nap ends");
        return name;
    }
}
