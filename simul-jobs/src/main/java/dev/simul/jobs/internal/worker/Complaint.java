package dev.simul.jobs.internal.worker;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Says a lasting trouble once, however often it is met, until it is over or another one. From any thread. */
final class Complaint {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private @Nullable String said; // guarded by this

    /** Logs the text unless it is what was said last. */
    synchronized void say(String text) {
        if (!text.equals(said)) {
            said = text;
            LOG.log(Level.WARNING, "{0}", text);
        }
    }

    /** Logs the text if something was said before. */
    synchronized void over(String text) {
        if (said != null) {
            said = null;
            LOG.log(Level.INFO, "{0}", text);
        }
    }
}
