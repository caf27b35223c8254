package dev.simul;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Which back end strands use. Chosen once, at first use; {@code -Dsimul.scheduler=own|default} forces it. */
enum Scheduler {
    /** Each strand is its virtual thread's scheduler: fast, and a blocking JDK call blocks the strand alone. */
    OWN,
    /** Strands are ordinary virtual threads that pass a baton: slower, and a blocking JDK call blocks the driver. */
    DEFAULT;

    private static final String PROPERTY = "simul.scheduler";

    /**
     * The back end of this JVM.
     *
     * @throws IllegalStateException whenever asked, if the property asks for what cannot be had
     */
    static Scheduler current() {
        var scheduler = First.CHOICE.scheduler();
        if (scheduler == null) {
            throw new IllegalStateException(First.CHOICE.reason());
        }
        return scheduler;
    }

    /** Initialised, and logged, by the first strand. */
    private static final class First {
        static final Choice CHOICE = choose(System.getProperty(PROPERTY), OwnSchedulerStrand::probe);

        static {
            // What runs as it should is no news.
            var level = CHOICE.scheduler() == OWN ? Level.DEBUG : Level.INFO;
            System.getLogger("dev.simul").log(level, CHOICE.reason());
        }
    }

    /** No scheduler if none fits what is asked for. */
    record Choice(@Nullable Scheduler scheduler, String reason) {}

    /** Chooses; the probe says what stands in the way of the own scheduler, or null. */
    static Choice choose(@Nullable String forced, Supplier<@Nullable String> probe) {
        return switch (forced) {
            case "default" ->
                new Choice(
                        DEFAULT,
                        "coroutines run on the JDK's default scheduler, because of -D" + PROPERTY + "=default");
            case "own" -> {
                var obstacle = probe.get();
                yield obstacle == null
                        ? own()
                        : new Choice(
                                null,
                                PROPERTY + "=own cannot be had (" + obstacle + "): start java with " + flag()
                                        + ", or leave the property out");
            }
            case null -> {
                var obstacle = probe.get();
                yield obstacle == null
                        ? own()
                        : new Choice(
                                DEFAULT,
                                "coroutines run on the JDK's default scheduler (" + obstacle
                                        + "): slower, and a blocking call holds its whole loop; start java with "
                                        + flag() + " to switch Simul's own scheduler on");
            }
            default -> new Choice(null, PROPERTY + " must be own or default, was " + forced);
        };
    }

    private static Choice own() {
        return new Choice(OWN, "coroutines run on Simul's own scheduler");
    }

    private static String flag() {
        var module = Scheduler.class.getModule();
        return "--add-opens java.base/java.lang=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }
}
