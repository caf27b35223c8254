package dev.simul;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The handlers of signals that a loop has installed. Loop thread, or while nobody runs the loop. */
final class LoopSignals {
    private final Map<String, SignalHandler> handlers = new LinkedHashMap<>();

    /** Takes the place of an earlier handler of the same signal. */
    void install(String signal, Runnable callback) {
        remove(signal);
        handlers.put(signal, SignalHandler.install(signal, callback));
    }

    /** Puts back what was there before; false if nothing was installed. */
    boolean remove(String signal) {
        var handler = handlers.remove(signal);
        if (handler == null) {
            return false;
        }
        handler.close();
        return true;
    }

    void removeAll() {
        List.copyOf(handlers.keySet()).forEach(this::remove);
    }
}
