package dev.simul.jobs.internal.pickle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set that is being read: its items are not hashed before they are complete. */
record PendingSet(List<@Nullable Object> items) {
    PendingSet() {
        this(new ArrayList<>());
    }

    PendingSet addAll(List<? extends @Nullable Object> more) {
        items.addAll(more);
        return this;
    }
}
