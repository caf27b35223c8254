package dev.simul;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

// A binary search tree that is never balanced and never changed. Its keys are the mixed numbers of the task-locals, all
// different and as good as random, so the tree is about 2 log n deep whatever the order of binding; a change copies the
// path to it, and a copy of the whole is a copy of one reference.

/** The values of task-locals at some moment, as an immutable tree; null is the empty one. */
record Bindings(
        TaskLocal<?> local,
        @Nullable Object value,
        @Nullable Bindings smaller,
        @Nullable Bindings larger) {

    static @Nullable Bindings find(@Nullable Bindings in, TaskLocal<?> local) {
        var node = in;
        while (node != null && node.local.order != local.order) {
            node = local.order < node.local.order ? node.smaller : node.larger;
        }
        return node;
    }

    static Bindings with(@Nullable Bindings in, TaskLocal<?> local, @Nullable Object value) {
        if (in == null) {
            return new Bindings(local, value, null, null);
        }
        if (local.order == in.local.order) {
            return new Bindings(local, value, in.smaller, in.larger);
        }
        return local.order < in.local.order
                ? in.withChildren(with(in.smaller, local, value), in.larger)
                : in.withChildren(in.smaller, with(in.larger, local, value));
    }

    static @Nullable Bindings without(@Nullable Bindings in, TaskLocal<?> local) {
        if (in == null) {
            return null;
        }
        if (local.order != in.local.order) {
            return local.order < in.local.order
                    ? in.withChildren(without(in.smaller, local), in.larger)
                    : in.withChildren(in.smaller, without(in.larger, local));
        }
        if (in.smaller == null || in.larger == null) {
            return in.smaller == null ? in.larger : in.smaller;
        }
        var next = in.larger;
        while (next.smaller != null) {
            next = next.smaller;
        }
        return next.withChildren(in.smaller, without(in.larger, next.local));
    }

    static Map<TaskLocal<?>, @Nullable Object> asMap(@Nullable Bindings in) {
        var map = new LinkedHashMap<TaskLocal<?>, @Nullable Object>();
        collect(in, map);
        return map;
    }

    private static void collect(@Nullable Bindings in, Map<TaskLocal<?>, @Nullable Object> map) {
        if (in != null) {
            collect(in.smaller, map);
            map.put(in.local, in.value);
            collect(in.larger, map);
        }
    }

    private Bindings withChildren(@Nullable Bindings smaller, @Nullable Bindings larger) {
        return new Bindings(local, value, smaller, larger);
    }
}
