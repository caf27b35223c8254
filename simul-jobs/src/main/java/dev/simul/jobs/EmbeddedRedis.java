package dev.simul.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server on a free loopback port, for tests and first tries.
 *
 * <p>It keeps nothing on disk beyond its own private directory, listens on 127.0.0.1 only, and ends with the JVM that
 * started it, even if that one is killed with {@code kill -9}. The program comes from the optional dependency
 * {@code com.github.codemonstur:embedded-redis}; the environment variable {@code SIMUL_REDIS_SERVER} names another one, such
 * as a newer Redis's or Valkey's. Linux and macOS.
 *
 * <p>Thread: any.
 */
public final class EmbeddedRedis implements AutoCloseable {
    // Who outlives whom: the shell holds the read end of our pipe. Our end closes when we close it or when the kernel
    // closes it for a killed JVM; `cat` then ends and takes the server along. If the server ends first, `wait` returns
    // and the shell ends, which our exit code shows. A background command's stdin would be /dev/null, hence fd 3.
    private static final String GUARD = """
            directory=$1; shift
            exec 3<&0
            "$@" 3<&- </dev/null 2>&1 &
            server=$!
            echo "pid $server"
            { cat <&3 >/dev/null; kill -9 $server; rm -rf "$directory"; } >/dev/null 2>&1 &
            guard=$!
            exec 1>&- 2>&-
            wait $server
            kill $guard
            rm -rf "$directory"
            """;

    /** What the jar carries, by {@code os.name} and {@code os.arch}. */
    private static final Map<String, String> PROGRAMS = new TreeMap<>(Map.of(
            "Linux amd64", "redis-server-6.2.6-v5-linux-amd64",
            "Linux aarch64", "redis-server-6.2.7-linux-arm64",
            "Mac OS X x86_64", "redis-server-6.2.6-v5-darwin-amd64",
            "Mac OS X aarch64", "redis-server-6.2.6-v5-darwin-arm64"));

    private static final String OWN_PROGRAM = "SIMUL_REDIS_SERVER";
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process shell;
    private final Path directory;
    private final int port;
    private final long pid;
    private final Duration startup;

    private EmbeddedRedis(Process shell, Path directory, int port, long pid, Duration startup) {
        this.shell = shell;
        this.directory = directory;
        this.port = port;
        this.pid = pid;
        this.startup = startup;
    }

    /**
     * Starts a server and returns when it accepts connections.
     *
     * @param options what redis-server is told beyond that, such as {@code --appendonly yes}, each word on its own; a
     *     {@code --port} of the caller's own and a {@code --dir}, which is then left alone at the end, are taken over
     * @throws IllegalStateException if the server's program is missing or does not run on this machine
     */
    public static EmbeddedRedis start(String... options) {
        var further = List.of(options);
        int port = further.contains("--port") ? Integer.parseInt(further.get(further.indexOf("--port") + 1)) : 0;
        long begin = System.nanoTime();
        try {
            for (int attempt = 1; ; attempt++) {
                var directory = Files.createTempDirectory("simul-redis");
                try {
                    return start(directory, port == 0 ? freePort() : port, begin, further);
                } catch (PortTakenException taken) {
                    delete(directory);
                    if (attempt == ATTEMPTS || port != 0) {
                        throw new IllegalStateException(
                                port != 0
                                        ? "port " + port + " for redis-server is taken"
                                        : "found no free port for redis-server in " + ATTEMPTS + " tries",
                                taken);
                    }
                } catch (IOException | RuntimeException e) {
                    delete(directory);
                    throw e;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start redis-server: " + e.getMessage(), e);
        }
    }

    private static EmbeddedRedis start(Path directory, int port, long begin, List<String> options)
            throws IOException, PortTakenException {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "simul-redis", directory.toString()));
        command.addAll(List.of(executable(directory).toString(), "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--dir", directory.toString()));
        command.addAll(List.of("--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(options); // redis-server believes the last one
        var shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        var lines = new ArrayList<String>();
        boolean ready = false;
        // Without the watchdog a server that prints nothing would hold us for ever.
        var watchdog = Thread.ofVirtual().start(() -> destroyAfter(PATIENCE, shell));
        try {
            var output = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
            long pid = 0;
            for (String line; !(ready && pid != 0) && (line = output.readLine()) != null; ) {
                lines.add(line);
                if (line.startsWith("pid ")) {
                    pid = Long.parseLong(line.substring(4));
                }
                ready |= line.contains("eady to accept connections");
            }
            if (!ready) {
                throw notStarted(lines);
            }
            // The server must never block on a full pipe; it has nothing more to say to us.
            Thread.ofPlatform().daemon().name("simul-redis-output").start(() -> drain(output));
            return new EmbeddedRedis(shell, directory, port, pid, Duration.ofNanos(System.nanoTime() - begin));
        } finally {
            watchdog.interrupt();
            if (!ready) {
                shell.getOutputStream().close();
                shell.destroy();
            }
        }
    }

    /** Unpacks the program; the jar is only read, never linked to, so it need not be a module. */
    static Path executable(Path directory) throws IOException {
        var own = System.getenv(OWN_PROGRAM);
        if (own != null && !own.isEmpty()) {
            if (!Files.isExecutable(Path.of(own))) {
                throw new IllegalStateException(OWN_PROGRAM + " must name a redis-server that can be run, was " + own);
            }
            return Path.of(own);
        }
        var system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        var resource = PROGRAMS.get(system);
        if (resource == null) {
            throw new IllegalStateException("EmbeddedRedis has no redis-server for " + system + " (it has "
                    + String.join(", ", PROGRAMS.keySet()) + "); name one in " + OWN_PROGRAM
                    + ", or give the URL of a Redis of your own instead");
        }
        var program = directory.resolve("redis-server");
        try (var in = EmbeddedRedis.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("EmbeddedRedis finds no " + resource
                        + " on the class path; add com.github.codemonstur:embedded-redis:1.4.3, or give the URL of a"
                        + " Redis of your own instead");
            }
            Files.copy(in, program);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program;
    }

    private static RuntimeException notStarted(List<String> lines) throws PortTakenException {
        var said = String.join("\n", lines);
        if (said.contains("Address already in use") || said.contains("Failed listening on port")) {
            throw new PortTakenException(said);
        }
        return new IllegalStateException(
                "the embedded redis-server did not start; give the URL of a Redis of your own instead. It said:\n"
                        + said);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void destroyAfter(Duration patience, Process shell) {
        try {
            Thread.sleep(patience);
            shell.destroyForcibly();
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            // the server is up
        }
    }

    private static void drain(BufferedReader output) {
        try (output) {
            while (output.readLine() != null) {
                // read on
            }
        } catch (IOException e) {
            // the server has gone
        }
    }

    /** The address for {@link JobClient#connect(String)}: {@code redis://127.0.0.1:port}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** The TCP port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The process id of the redis-server itself. */
    public long pid() {
        return pid;
    }

    /** How long unpacking and starting took until the server accepted connections. */
    public Duration startup() {
        return startup;
    }

    /** Whether the server still runs. */
    public boolean isRunning() {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /** Kills the server, waits until it is gone, and removes its files. */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            // the shell has gone already, and the server with it
        }
        boolean interrupted = false;
        try {
            if (!shell.waitFor(5, TimeUnit.SECONDS)) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        delete(directory);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE; // the shell removes the same files
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            // best effort: it is a temporary directory
        }
    }

    private static final class PortTakenException extends Exception {
        PortTakenException(String said) {
            super(said);
        }
    }
}
