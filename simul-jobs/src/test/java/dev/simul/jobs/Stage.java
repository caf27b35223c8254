package dev.simul.jobs;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where sequences are played: a Redis, and a folder in which jobs say that they have begun. */
final class Stage implements AutoCloseable {
    private final EmbeddedRedis redis = EmbeddedRedis.start();
    private final RedisClient client = RedisClient.create(redis.url());
    private final RedisCommands<String, String> commands =
            client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync(); // every byte a character
    private final Path gates;

    Stage(Path gates) {
        this.gates = gates;
    }

    String url() {
        return redis.url();
    }

    KeySpace keys() {
        return KeySpace.of(commands);
    }

    void clear() throws IOException {
        commands.flushall();
        try (var files = Files.list(gates)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() {
        client.shutdown();
        redis.close();
    }
}
