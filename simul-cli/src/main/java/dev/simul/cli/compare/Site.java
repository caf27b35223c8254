package dev.simul.cli.compare;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web site on loopback whose pages are real texts and which takes its time, as web sites do. */
final class Site implements AutoCloseable {
    static {
        // Otherwise a page waits 40 ms for the delayed acknowledgement of its own headers.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** A page without delay. */
    private static final String PRACTICE = "/practice";

    private static final int BACKLOG = 2 * Settings.MOST_CONCURRENCY;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> texts = LegalTexts.find();
    private final Duration delay;

    private Site(Duration delay) throws IOException {
        this.delay = delay;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Opens it on a free port. */
    static Site open(Duration delay) throws IOException {
        return new Site(delay);
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The addresses of so many pages of the site at that address, different texts as far as they go. */
    static List<String> pages(String address, int count) {
        var paths = List.copyOf(LegalTexts.find().keySet());
        var urls = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            int copy = i / paths.size();
            urls.add(address + "/" + paths.get(i % paths.size()) + (copy == 0 ? "" : "?copy=" + copy));
        }
        return urls;
    }

    static String practicePage(String address) {
        return address + PRACTICE;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            var text = path.equals(PRACTICE) ? texts.values().iterator().next() : texts.get(path.substring(1));
            if (text == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (!path.equals(PRACTICE)) {
                Thread.sleep(delay);
            }
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=UTF-8");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // the site is closing
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
