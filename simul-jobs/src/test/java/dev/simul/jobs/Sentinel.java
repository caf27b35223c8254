package dev.simul.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process of Redis's own that watches a primary under the name {@code jobs}. */
record Sentinel(Process process, int port) implements AutoCloseable {
    /**
     * Starts it.
     *
     * @param folder for its files
     * @param more lines of its configuration
     */
    static Sentinel start(Path folder, EmbeddedRedis primary, String... more) throws IOException {
        int port = TlsTest.freePort();
        var configuration = Files.writeString(
                folder.resolve("sentinel.conf"), """
                port %d
                bind 127.0.0.1
                dir %s
                sentinel monitor jobs 127.0.0.1 %d 1
                %s
                """.formatted(port, folder, primary.port(), String.join("\n", more)));
        var process = new ProcessBuilder(
                        EmbeddedRedis.executable(folder).toString(), configuration.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sentinel.log").toFile())
                .start();
        return new Sentinel(process, port);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
