package dev.simul;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where errors go that no code awaits: to the handler of a loop, or into the log. Any thread. */
final class LoopErrors {
    private static final System.Logger LOG = System.getLogger("dev.simul");

    private volatile @Nullable Consumer<? super ErrorContext> handler; // read by whoever reports

    void handler(@Nullable Consumer<? super ErrorContext> handler) {
        this.handler = handler;
    }

    @Nullable
    Consumer<? super ErrorContext> handler() {
        return handler;
    }

    void report(ErrorContext context) {
        var told = handler;
        if (told == null) {
            log(context);
            return;
        }
        try {
            told.accept(context);
        } catch (Throwable e) {
            if (context.exception() != null) {
                e.addSuppressed(context.exception());
            }
            LOG.log(Level.ERROR, "unhandled error in the error handler, which was told: " + context.line(), e);
        }
    }

    static void log(ErrorContext context) {
        LOG.log(Level.ERROR, context.line(), context.exception());
    }
}
