package dev.simul.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a pool was asked to be; checked by {@link ProcessPoolBuilder}. */
record PoolSettings(
        String name,
        int processes,
        Optional<Duration> taskTimeout,
        int tasksPerChild,
        List<String> jvmOptions,
        List<Path> addedClassPath,
        int maxPayloadBytes) {}
