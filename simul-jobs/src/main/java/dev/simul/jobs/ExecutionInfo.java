package dev.simul.jobs;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt to run a job that is under way.
 *
 * @param id 32 hexadecimal digits
 * @param jobId the job
 * @param worker the name of the worker; empty if one before RQ 2.11 has it
 * @param createdAt when the worker took the job
 * @param lastHeartbeat when the worker was last heard of
 * @param expiresAt when the attempt counts as abandoned unless the worker is heard of again
 */
public record ExecutionInfo(
        String id,
        String jobId,
        Optional<String> worker,
        Optional<Instant> createdAt,
        Optional<Instant> lastHeartbeat,
        Optional<Instant> expiresAt) {}
