package dev.simul.jobs.internal.pickle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dict that is being read: its keys are not hashed before they are complete. */
final class PendingDict {
    private final List<@Nullable Object> keys = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();

    void put(@Nullable Object key, @Nullable Object value) {
        keys.add(key);
        values.add(value);
    }

    /** Takes a key, its value, the next key, its value … */
    PendingDict putAll(List<? extends @Nullable Object> items) {
        for (int i = 0; i < items.size(); i += 2) {
            put(items.get(i), items.get(i + 1));
        }
        return this;
    }

    List<@Nullable Object> keys() {
        return keys;
    }

    List<@Nullable Object> values() {
        return values;
    }
}
