package dev.simul.docs;

import static dev.simul.Async.on;
import static dev.simul.Async.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.simul.Coroutine;
import dev.simul.Generator;
import dev.simul.TaskGroup;
import dev.simul.http.HttpSession;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import dev.simul.process.ProcessPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The Java blocks of README.md. */
class ReadmeDocsTest {
    private final List<Object> printed = new ArrayList<>();

    private void println(Object line) {
        printed.add(line);
    }

    @Test
    void byTurns() {
        Generator<Long> fibonacci = Generator.of(out -> {
            for (long a = 0, b = 1; ; ) {
                out.yield(a);
                b += a;
                a = b - a;
            }
        });
        try (fibonacci) {
            for (long f : fibonacci) {
                if (f > 50) break;
                println(f);
            }
        }

        Coroutine<String, Void> grep = Coroutine.of(in -> {
            while (true) {
                String line = in.yield();
                if (line.contains("async")) println(line);
            }
        });
        grep.send("an async line");
        grep.send("another line");

        assertThat(printed).containsExactly(0L, 1L, 1L, 2L, 3L, 5L, 8L, 13L, 21L, 34L, "an async line");
        grep.close();
    }

    private static int countWords(String text) {
        return text.split("\\s+").length;
    }

    @Test
    void onTheLoop() throws Exception {
        try (var site = new Site("one two three")) {
            countAll(List.of(site.url(), site.url()));
        }
        assertThat(printed).containsExactly(6);
    }

    private void countAll(List<String> urls) throws Exception {
        int words = run(() -> {
            try (var http = HttpSession.open();
                    var group = TaskGroup.<Integer>open()) {
                for (String url : urls) {
                    group.fork(() -> countWords(http.get(url).text()));
                }
                return group.join().stream().mapToInt(n -> n).sum();
            } // nothing forked outlives this brace
        });
        println(words);
    }

    private static String render() {
        return "a page";
    }

    @Test
    void inThreads() throws Exception {
        run(() -> {
            try (var threads = Executors.newFixedThreadPool(4)) {
                var page = on(threads, () -> render()); // a task like any other
                println(page.await()); // parks this coroutine; the loop goes on
            }
        });
        assertThat(printed).containsExactly("a page");
    }

    /** Work for a child. */
    static final class Primes {
        private Primes() {}

        static int count(int below) {
            int count = 0;
            for (int n = 2; n < below; n++) {
                boolean prime = true;
                for (int d = 2; d * d <= n && prime; d++) {
                    prime = n % d != 0;
                }
                count += prime ? 1 : 0;
            }
            return count;
        }
    }

    @Test
    void inProcesses() throws Exception {
        try (var pool = ProcessPool.open(2)) {
            var one = pool.submit(Primes::count, 1_000_000); // the compiler checks the argument
            List<Integer> many = pool.map(Primes::count, List.of(10_000, 20_000, 30_000));
            println(one.await());
            println(many);
        }
        assertThat(printed).containsExactly(78_498, List.of(1_229, 2_262, 3_245));
    }

    static final class Sums {
        private Sums() {}

        @SimulJob("sums.add") // the name that Python knows it by
        static int add(int a, int b) {
            return a + b;
        }
    }

    @Test
    void asJobs() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var threads = Executors.newSingleThreadExecutor()) {
            var url = redis.url();
            var worker = Worker.on(url).queues("default").functions(Sums.class).build();
            var running = on(threads, () -> worker.run());

            try (var jobs = JobClient.connect(url)) {
                Job<Integer> sum = jobs.queue("default").enqueue(Sums::add, 2, 3);
                println(sum.await()); // a worker, here or on another machine, in Java or Python
            }

            worker.stop();
            running.await();
        }
        assertThat(printed).containsExactly(5);
    }

    /** One page on loopback. */
    private static final class Site implements AutoCloseable {
        private final HttpServer server;

        Site(String page) throws Exception {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    exchange.sendResponseHeaders(200, page.length());
                    exchange.getResponseBody().write(page.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                }
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
