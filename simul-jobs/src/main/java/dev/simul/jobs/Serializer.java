package dev.simul.jobs;

/**
 * How arguments, results and meta are written, which RQ leaves to the program and states nowhere.
 *
 * <p>Every reader in Simul recognises both. A worker answers in the serializer of the job it ran. A Python program reads
 * only the one it was told ({@code Queue(..., serializer=...)}, {@code rq worker --serializer ...}), which is
 * {@code pickle} if it was told nothing.
 */
public enum Serializer {
    /** RQ's {@code JSONSerializer}. */
    JSON,

    /**
     * RQ's {@code DefaultSerializer}, Python's pickle, for plain values only: none, booleans, numbers of any size, text,
     * bytes, lists, tuples, dicts, sets, dates and times, decimals and UUIDs. Reading constructs nothing else, whatever the
     * bytes ask for.
     */
    PICKLE
}
