package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RqJson;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls the URLs that jobs want called, after their end was written; nothing that happens here affects a job.
 *
 * <p>Some requests run at a time and many may wait; what comes on top of these is dropped with a line in the log. There
 * is one try for each, as in RQ.
 */
final class Webhooks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final int AT_A_TIME = 16;
    private static final int WAITING = 1000;

    /** Python's {@code datetime.isoformat}: no fraction if it is zero, else six digits. */
    private static final DateTimeFormatter WHOLE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);

    private @Nullable HttpClient client; // guarded by this; most workers never need one
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_A_TIME,
            AT_A_TIME,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofVirtual().name("simul-job-webhook-", 1).factory());

    Webhooks() {
        threads.allowCoreThreadTimeOut(true);
    }

    /** Sends what the job wants sent at this end, which was for good. Does not block. */
    void send(Outcome outcome) {
        switch (outcome) {
            case Outcome.Finished f -> send(f, "finished", null);
            case Outcome.Failed f -> send(f, "failed", f.text());
            case Outcome.Retried r -> send(r, "failed", "");
            case Outcome.Stopped _, Outcome.Requeued _ -> {}
        }
    }

    private void send(Outcome outcome, String status, @Nullable String traceback) {
        var job = outcome.job();
        for (var webhook : JobWebhook.read(job.id(), job.extras().webhooks())) {
            if (!webhook.jobStatus().equals(status)) {
                continue;
            }
            try {
                threads.execute(() -> call(webhook, outcome, traceback));
            } catch (RejectedExecutionException e) {
                LOG.log(
                        Level.WARNING,
                        "webhook {0} of job {1} is dropped: {2} others wait already",
                        webhook,
                        job.id(),
                        threads.getQueue().size());
            }
        }
    }

    private void call(JobWebhook webhook, Outcome outcome, @Nullable String traceback) {
        var id = outcome.job().id();
        try {
            var request = request(webhook, outcome, traceback);
            var answer = client().sendAsync(request, BodyHandlers.discarding());
            try {
                // The request's own limit ends with the headers; a body may take for ever.
                int code = answer.get(webhook.timeout().toMillis(), TimeUnit.MILLISECONDS)
                        .statusCode();
                if (code >= 400) {
                    LOG.log(Level.WARNING, "webhook {0} of job {1} was answered with {2}", webhook, id, code);
                }
            } finally {
                answer.cancel(true);
            }
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "webhook {0} of job {1} failed: {2}", webhook, id, e.getCause());
        } catch (TimeoutException e) {
            LOG.log(
                    Level.WARNING,
                    "webhook {0} of job {1} was not answered in {2} s",
                    webhook,
                    id,
                    webhook.timeout().toSeconds());
        } catch (InterruptedException e) {
            LOG.log(Level.WARNING, "webhook {0} of job {1} is given up, because the worker ends", webhook, id);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "webhook {0} of job {1} cannot be sent: {2}", webhook, id, e.getMessage());
        }
    }

    private static HttpRequest request(JobWebhook webhook, Outcome outcome, @Nullable String traceback) {
        var request = HttpRequest.newBuilder(webhook.url()).timeout(webhook.timeout());
        if (webhook.method().equals("POST")) {
            request.setHeader("Content-Type", "application/json");
            request.POST(BodyPublishers.ofByteArray(body(webhook, outcome, traceback)));
        }
        webhook.headers().forEach((name, value) -> {
            try {
                request.setHeader(name, value);
            } catch (IllegalArgumentException e) { // one that only the HTTP client may set
                LOG.log(Level.WARNING, "webhook {0} is sent without header {1}: {2}", webhook, name, e.getMessage());
            }
        });
        return request.build();
    }

    private static byte[] body(JobWebhook webhook, Outcome outcome, @Nullable String traceback) {
        var job = outcome.job();
        var body = new LinkedHashMap<String, @Nullable Object>();
        body.put("job_id", job.id());
        body.put("func_name", function(job));
        body.put("status", webhook.jobStatus());
        body.put("enqueued_at", enqueued(job.extras().enqueuedAt()));
        body.put("ended_at", python(outcome.ended()));
        if (webhook.jobStatus().equals("failed")) {
            body.put("exc_info", traceback);
        }
        return RqJson.write(body);
    }

    private static @Nullable String function(ReservedJob job) {
        try {
            return job.payload().call().function();
        } catch (UnrunnableJobException e) {
            return null; // the job has failed, because nobody can tell
        }
    }

    private static @Nullable String enqueued(@Nullable String field) {
        try {
            return field == null ? null : python(Instant.parse(field));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static String python(Instant moment) {
        var micros = moment.truncatedTo(ChronoUnit.MICROS);
        return (micros.equals(moment.truncatedTo(ChronoUnit.SECONDS)) ? WHOLE : MICROS).format(micros);
    }

    private synchronized HttpClient client() {
        var open = client;
        if (open == null) {
            client = open = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        }
        return open;
    }

    /** Waits for the requests under way and those that wait, then gives up the rest; no more may come. */
    void awaitEnd(Duration patience) throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            int left = threads.shutdownNow().size();
            LOG.log(Level.WARNING, "{0} webhooks that waited are dropped, because the worker ends", left);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        HttpClient open;
        synchronized (this) {
            open = client;
        }
        if (open != null) {
            open.shutdownNow();
        }
    }
}
