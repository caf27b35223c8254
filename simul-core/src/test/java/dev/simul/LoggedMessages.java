package dev.simul;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs while this is open. */
final class LoggedMessages extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("dev.simul");
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    LoggedMessages() {
        logger.addHandler(this);
        logger.setUseParentHandlers(false);
    }

    List<String> messages() {
        return List.copyOf(messages);
    }

    /** What was logged with them, without those that came alone. */
    List<Throwable> errors() {
        return List.copyOf(errors);
    }

    @Override
    public void publish(LogRecord entry) {
        messages.add(entry.getMessage());
        if (entry.getThrown() != null) {
            errors.add(entry.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
