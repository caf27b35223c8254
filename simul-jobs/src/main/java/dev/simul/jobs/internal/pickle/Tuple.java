package dev.simul.jobs.internal.pickle;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list that is written as a Python tuple. */
public record Tuple(List<? extends @Nullable Object> items) {
    /** The items in their order. */
    public static Tuple of(@Nullable Object... items) {
        return new Tuple(Arrays.asList(items));
    }
}
