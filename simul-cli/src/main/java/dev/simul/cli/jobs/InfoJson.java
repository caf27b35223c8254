package dev.simul.cli.jobs;

import dev.simul.jobs.QueueInfo;
import dev.simul.jobs.WorkerInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code simul info --json} prints. */
final class InfoJson {
    private static final JsonMapper JSON = new JsonMapper();

    private InfoJson() {}

    static String of(List<QueueInfo> queues, List<WorkerInfo> workers, boolean suspended, Optional<String> server) {
        var object = JSON.createObjectNode();
        server.ifPresent(where -> object.put("server", where));
        var queueList = object.putArray("queues");
        queues.forEach(queue -> queueList.add(of(queue)));
        var workerList = object.putArray("workers");
        workers.forEach(worker -> workerList.add(of(worker)));
        object.put("suspended", suspended);
        object.put("updated", Instant.now().toString());
        return JSON.writeValueAsString(object);
    }

    private static ObjectNode of(QueueInfo queue) {
        var node = JSON.createObjectNode()
                .put("name", queue.name())
                .put("queued", queue.queued())
                .put("started", queue.started())
                .put("finished", queue.finished())
                .put("failed", queue.failed())
                .put("deferred", queue.deferred())
                .put("scheduled", queue.scheduled())
                .put("canceled", queue.canceled())
                .put("ready", queue.ready())
                .put("intermediate", queue.intermediate())
                .put("unreadable", queue.unreadable())
                .put("workers", queue.workers())
                .put("paused", queue.paused());
        put(node, "oldest", queue.oldest());
        return node;
    }

    private static ObjectNode of(WorkerInfo worker) {
        var node = JSON.createObjectNode().put("name", worker.name()).put("state", worker.state());
        var queues = node.putArray("queues");
        worker.queues().forEach(queues::add);
        put(node, "hostname", worker.hostname());
        put(node, "ipAddress", worker.ipAddress());
        worker.pid().ifPresent(pid -> node.put("pid", pid));
        put(node, "version", worker.version());
        put(node, "runtime", worker.runtime());
        put(node, "birth", worker.birth());
        put(node, "lastHeartbeat", worker.lastHeartbeat());
        put(node, "shutdownRequested", worker.shutdownRequested());
        put(node, "currentJob", worker.currentJob());
        var executions = node.putArray("executions");
        worker.executions().forEach(executions::add);
        node.put("successfulJobs", worker.successfulJobs()).put("failedJobs", worker.failedJobs());
        node.put("workingSeconds", worker.workingTime().toNanos() / 1e9);
        var problems = node.putArray("problems");
        worker.problems().forEach(problems::add);
        return node;
    }

    private static void put(ObjectNode node, String name, Optional<?> value) {
        value.ifPresent(known -> node.put(name, known.toString()));
    }
}
