package dev.simul.test.planted;

import static dev.simul.Async.sleep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A bug that needs three steps of another in one go (ABA): the head of the list is the same as before the check of its
 * health, but what comes behind it is not.
 */
final class Pool {

    /** A connection, in its list. */
    static final class Connection {
        private @Nullable Connection next;
        private boolean taken;
    }

    private final boolean mended;
    private @Nullable Connection head;
    private int changes;

    Pool(int size, boolean mended) {
        this.mended = mended;
        for (int i = 0; i < size; i++) {
            add(new Connection());
        }
    }

    void give(Connection connection) {
        checkHealth();
        add(connection);
    }

    private void add(Connection connection) {
        connection.taken = false;
        connection.next = head;
        head = connection;
        changes++;
    }

    /** A connection, or null if there is none. */
    @Nullable
    Connection take() {
        while (head != null) {
            var first = head;
            var rest = first.next;
            int before = changes;
            checkHealth();
            if (head == first && (!mended || changes == before)) {
                head = rest;
                changes++;
                if (first.taken) {
                    throw new IllegalStateException("a connection was given out twice");
                }
                first.taken = true;
                return first;
            }
        }
        return null;
    }

    private static void checkHealth() {
        sleep(Duration.ZERO);
    }
}
