package dev.simul.benchmarks;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What a Redis has counted since it started.
 *
 * @param cpuMicros processor time, all threads, user and system
 * @param commands commands executed, those inside scripts too, without our own questions
 * @param reads reads from sockets
 * @param memory bytes in use
 */
record RedisInfo(long cpuMicros, long commands, long reads, long bytesIn, long bytesOut, long memory) {
    private static final Pattern CALLS = Pattern.compile("cmdstat_(?!info|flushall)([^:]+):calls=(\\d+)");

    static RedisInfo of(int port) throws IOException {
        return parse(ask(port, "INFO everything"));
    }

    /** Sends a command in Redis's plain form. */
    static String ask(int port, String command) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            var in = new DataInputStream(socket.getInputStream());
            var first = line(in);
            if (!first.startsWith("$")) return first;
            var bulk = new byte[Integer.parseInt(first.substring(1))];
            in.readFully(bulk);
            return new String(bulk, StandardCharsets.UTF_8);
        }
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (int next; (next = in.read()) != '\n'; ) {
            if (next < 0) throw new IOException("Redis hung up");
            if (next != '\r') line.append((char) next);
        }
        return line.toString();
    }

    static RedisInfo parse(String info) {
        long commands = CALLS.matcher(info)
                .results()
                .mapToLong(calls -> Long.parseLong(calls.group(2)))
                .sum();
        return new RedisInfo(
                Math.round(1e6 * (number(info, "used_cpu_user") + number(info, "used_cpu_sys"))),
                commands,
                (long) number(info, "total_reads_processed"),
                (long) number(info, "total_net_input_bytes"),
                (long) number(info, "total_net_output_bytes"),
                (long) number(info, "used_memory"));
    }

    private static double number(String info, String field) {
        var line =
                Pattern.compile("^" + field + ":([0-9.]+)", Pattern.MULTILINE).matcher(info);
        if (!line.find()) throw new IllegalStateException("Redis tells no " + field);
        return Double.parseDouble(line.group(1));
    }
}
