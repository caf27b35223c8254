package dev.simul.examples;

import dev.simul.TaskLocal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.MDCAdapter;

/**
 * SLF4J's MDC kept in a task-local instead of a ThreadLocal: so it goes wherever Simul hands work over.
 *
 * <p>The maps and stacks are never changed but replaced, because a child sees the value of its parent, and a change must not
 * reach the other.
 */
public final class TaskLocalMdc implements MDCAdapter {

    private static final TaskLocal<Map<String, String>> VALUES = TaskLocal.of("MDC", Map.of());
    private static final TaskLocal<Map<String, Deque<String>>> STACKS = TaskLocal.of("stacks of the MDC", Map.of());

    @Override
    public void put(String key, @Nullable String value) {
        var values = new HashMap<>(VALUES.get());
        values.put(key, value);
        VALUES.set(values);
    }

    @Override
    public @Nullable String get(String key) {
        return VALUES.get().get(key);
    }

    @Override
    public void remove(String key) {
        var values = new HashMap<>(VALUES.get());
        values.remove(key);
        VALUES.set(values);
    }

    @Override
    public void clear() {
        VALUES.set(Map.of());
        STACKS.set(Map.of());
    }

    @Override
    public Map<String, String> getCopyOfContextMap() {
        return new HashMap<>(VALUES.get());
    }

    @Override
    public void setContextMap(Map<String, String> values) {
        VALUES.set(new HashMap<>(values));
    }

    @Override
    public void pushByKey(String key, String value) {
        var stack = stackOf(key);
        stack.push(value);
        setStack(key, stack);
    }

    @Override
    public @Nullable String popByKey(String key) {
        var stack = stackOf(key);
        var value = stack.poll();
        setStack(key, stack);
        return value;
    }

    @Override
    public Deque<String> getCopyOfDequeByKey(String key) {
        return stackOf(key);
    }

    @Override
    public void clearDequeByKey(String key) {
        setStack(key, new ArrayDeque<>());
    }

    private static Deque<String> stackOf(String key) {
        return new ArrayDeque<>(STACKS.get().getOrDefault(key, new ArrayDeque<>()));
    }

    private static void setStack(String key, Deque<String> stack) {
        var stacks = new HashMap<>(STACKS.get());
        stacks.put(key, stack);
        STACKS.set(stacks);
    }
}
