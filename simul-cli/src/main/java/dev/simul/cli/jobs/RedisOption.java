package dev.simul.cli.jobs;

import picocli.CommandLine.Option;

/** The option {@code --redis}, as both ends of a queue take it. */
final class RedisOption {
    @Option(
            names = "--redis",
            paramLabel = "URL",
            defaultValue = "${env:RQ_REDIS_URL:-redis://localhost:6379}",
            description = "The Redis (default: RQ_REDIS_URL, else redis://localhost:6379).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String url;

    String url() {
        return url;
    }
}
