package dev.simul;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/**
 * Closes what was dropped while it waited: a suspended strand is on the JDK's list of threads and would never be collected.
 * One thread does it, one after the other: a body whose clean-up blocks holds up the rest.
 */
final class Abandoned {
    /** On a platform thread, because that can drive either kind of strand. */
    private static final Cleaner CLEANER =
            Cleaner.create(Thread.ofPlatform().name("simul-abandoned").daemon().factory());

    private Abandoned() {}

    /** Closes the turns once nobody holds the handle; {@code clean()} on the result closes them now. */
    static Cleaner.Cleanable watch(Object handle, Turns<?, ?> turns) {
        var loop = turns.loop();
        return CLEANER.register(handle, loop == null ? () -> close(turns) : () -> loop.generators.closeSoon(turns));
    }

    private static void close(Turns<?, ?> turns) {
        try {
            turns.close(turns);
        } catch (Throwable e) {
            System.getLogger("dev.simul")
                    .log(Level.WARNING, "closing an abandoned " + turns.kind() + " failed; close it yourself", e);
        }
    }
}
