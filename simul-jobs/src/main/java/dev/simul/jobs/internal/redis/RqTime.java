package dev.simul.jobs.internal.redis;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The two ways in which RQ writes a moment; a Python worker that meets any other one quits. */
public final class RqTime {
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private RqTime() {}

    /** For job and worker hashes: {@code 2026-11-22T07:40:18.372393Z}, always six digits. */
    public static String iso(Instant moment) {
        return ISO.format(moment);
    }

    /** For executions and results: Unix seconds such as {@code 1795333311.04759}. */
    public static String unix(Instant moment) {
        var micros = Math.addExact(Math.multiplyExact(moment.getEpochSecond(), 1_000_000), moment.getNano() / 1_000);
        return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
    }
}
