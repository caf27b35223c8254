package dev.simul.jobs.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The ARGV of a script under construction. */
public final class Arguments {
    private final List<byte[]> values = new ArrayList<>();

    public Arguments add(byte[] value) {
        values.add(value);
        return this;
    }

    public Arguments add(String value) {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    public Arguments add(long value) {
        return add(Long.toString(value));
    }

    public Arguments addAll(Arguments others) {
        values.addAll(others.values);
        return this;
    }

    public int size() {
        return values.size();
    }

    byte[][] toArray() {
        return values.toArray(byte[][]::new);
    }
}
