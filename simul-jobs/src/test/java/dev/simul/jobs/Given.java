package dev.simul.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Arguments of a step, with rq's defaults. */
record Given(Map<String, Object> values) {
    String text(String name) {
        return (String) required(name);
    }

    String text(String name, String otherwise) {
        return (String) values.getOrDefault(name, otherwise);
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(values.get(name));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    long number(String name) {
        return ((Number) required(name)).longValue();
    }

    long number(String name, long otherwise) {
        return values.containsKey(name) ? number(name) : otherwise;
    }

    private Object required(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    @SuppressWarnings("unchecked")
    <T> List<T> list(String name) {
        return (List<T>) values.getOrDefault(name, List.of());
    }

    @SuppressWarnings("unchecked")
    Map<String, Object> map(String name) {
        return (Map<String, Object>) values.getOrDefault(name, Map.of());
    }

    Duration seconds(String name) {
        long seconds = number(name);
        return seconds == -1 ? JobOptions.FOREVER : Duration.ofSeconds(seconds);
    }

    Duration[] durations(String name) {
        return switch (values.get(name)) {
            case Integer one -> new Duration[] {Duration.ofSeconds(one)};
            case List<?> several ->
                several.stream().map(n -> Duration.ofSeconds((Integer) n)).toArray(Duration[]::new);
            case null, default -> new Duration[] {Duration.ZERO};
        };
    }
}
