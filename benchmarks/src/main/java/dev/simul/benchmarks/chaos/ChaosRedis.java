package dev.simul.benchmarks.chaos;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.RedisServer;

/** A Redis with an append-only file, that can be killed and comes back. */
final class ChaosRedis implements AutoCloseable {
    private final int port;
    private final RedisServer server;

    ChaosRedis(Path folder) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
        Files.createDirectories(folder);
        // Every write reaches the kernel before its answer is sent, so killing the process loses none.
        this.server = RedisServer.newRedisServer()
                .port(port)
                .bind("127.0.0.1")
                .setting("dir " + folder)
                .setting("save \"\"")
                .setting("appendonly yes")
                .setting("appendfsync no")
                .build();
        server.start();
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    void killAndRestart() throws IOException {
        long pid;
        try (var client = RedisClient.create(url())) {
            pid = client.connect()
                    .sync()
                    .info("server")
                    .lines()
                    .filter(line -> line.startsWith("process_id:"))
                    .mapToLong(line -> Long.parseLong(
                            line.substring("process_id:".length()).strip()))
                    .findFirst()
                    .orElseThrow();
        }
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        server.stop();
        server.start();
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }
}
