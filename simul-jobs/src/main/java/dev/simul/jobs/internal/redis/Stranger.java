package dev.simul.jobs.internal.redis;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * What answers where the Redis that was asked for does not.
 *
 * <p>It is asked once more in a few plain bytes, without any secret, which make every server show what it is.
 *
 * @param kind what it is
 * @param services the addresses that a sentinel knows, by service
 */
record Stranger(Kind kind, Map<String, String> services) {
    enum Kind {
        /** A Redis that speaks no TLS. */
        REDIS,
        SENTINEL,
        /** A server that speaks TLS, maybe a Redis. */
        TLS,
        WEB_SERVER,
        /** A server that says something else, or hangs up. */
        OTHER,
        /** A server that takes the connection and says nothing. */
        SILENT,
        NOBODY
    }

    private static final int PATIENCE_MILLIS = 2000;
    private static final int LONGEST_ANSWER = 1 << 16;
    private static final Pattern SERVICE = Pattern.compile("(?m)^master\\d+:name=([^,]*),.*?address=([^,]*)");

    static Stranger at(String host, int port) {
        String answer;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            answer = ask(socket);
        } catch (SocketTimeoutException e) {
            return new Stranger(Kind.SILENT, Map.of());
        } catch (IOException e) {
            return new Stranger(Kind.NOBODY, Map.of());
        }
        return answer.contains("_mode:sentinel")
                ? new Stranger(Kind.SENTINEL, services(answer))
                : new Stranger(kind(answer, host, port), Map.of());
    }

    private static Kind kind(String answer, String host, int port) {
        if (answer.contains("redis_version:") || answer.startsWith("-NOAUTH") || answer.startsWith("-NOPERM")) {
            return Kind.REDIS;
        }
        if (answer.startsWith("HTTP/") || answer.startsWith("<")) {
            return Kind.WEB_SERVER;
        }
        return speaksTls(host, port) ? Kind.TLS : answer.isEmpty() ? Kind.SILENT : Kind.OTHER;
    }

    private static String ask(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.getOutputStream().write("INFO\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
        var answer = new ByteArrayOutputStream();
        var some = new byte[8192];
        try {
            int count = 0;
            while (count >= 0 && answer.size() < LONGEST_ANSWER) {
                answer.write(some, 0, count);
                count = socket.getInputStream().read(some);
            }
        } catch (IOException e) {
            // what has come until then says what it is
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }

    private static boolean speaksTls(String host, int port) {
        try (var plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
            try (var socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
                socket.startHandshake();
                return true;
            }
        } catch (SSLHandshakeException e) {
            return !(e.getCause() instanceof EOFException); // we do not trust its certificate, or it asks for ours
        } catch (IOException e) {
            return false;
        }
    }

    private static Map<String, String> services(String info) {
        var services = new LinkedHashMap<String, String>();
        SERVICE.matcher(info).results().forEach(found -> services.put(found.group(1), found.group(2)));
        return services;
    }
}
