package dev.simul;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Which back end strands use. Chosen once, at first use; {@code -Dsimul.scheduler=own|default} forces it. */
enum Scheduler {
    /** Each strand is its virtual thread's scheduler: fast, and a blocking JDK call blocks the strand alone. */
    OWN,
    /** Strands are ordinary virtual threads that pass a baton: slower, and a blocking JDK call blocks the driver. */
    DEFAULT;

    private static final String PROPERTY = "simul.scheduler";

    static Scheduler current() {
        return Choice.CURRENT;
    }

    /** Probes on first use; a class of its own so that a wrong property fails where a strand is wanted, with its text. */
    private static final class Choice {
        static final Scheduler CURRENT = choose(System.getProperty(PROPERTY));
    }

    private static Scheduler choose(@Nullable String forced) {
        var logger = System.getLogger("dev.simul");
        var obstacle = "default".equals(forced) ? PROPERTY + "=default" : OwnSchedulerStrand.probe();
        if (obstacle == null) {
            logger.log(Level.INFO, "coroutines run on Simul's own scheduler");
            return OWN;
        }
        var cure = obstacle.startsWith(PROPERTY) ? "remove it" : "start java with " + flag();
        if (forced != null && !forced.equals("default")) {
            throw new IllegalStateException(
                    forced.equals("own")
                            ? PROPERTY + "=own, but " + obstacle + "; " + cure + ", or use " + PROPERTY + "=default"
                            : PROPERTY + " must be own or default, was " + forced);
        }
        logger.log(
                Level.INFO,
                "coroutines run on the JDK's default scheduler: slower, and a blocking call holds its whole loop ("
                        + obstacle + "); " + cure + " to switch Simul's own scheduler on");
        return DEFAULT;
    }

    private static String flag() {
        var module = Scheduler.class.getModule();
        return "--add-opens java.base/java.lang=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }
}
