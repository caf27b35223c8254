package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RqJson;
import dev.simul.jobs.internal.redis.Zlib;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The field {@code data} of a job as it came: zlib or plain, JSON or pickle or rubbish. */
final class Payload {
    private static final int LIMIT_BYTES = 256 << 20;
    private static final int PICKLE = 0x80;

    /** What a job asks for. */
    record Call(String function, List<JsonNode> arguments, Map<String, JsonNode> named) {}

    private final byte[] bytes;

    Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** As it came. */
    byte[] bytes() {
        return bytes;
    }

    Call call() throws UnrunnableJobException {
        var plain = inflated();
        if (plain.length > 0 && (plain[0] & 0xff) == PICKLE) {
            throw new UnrunnableJobException("Job was enqueued with Python's pickle serializer (protocol "
                    + (plain.length > 1 ? plain[1] : 0)
                    + "); this worker reads JSON only. Enqueue with Queue(..., serializer=JSONSerializer).");
        }
        JsonNode call;
        try {
            call = RqJson.read(plain);
        } catch (JacksonException e) {
            throw new UnrunnableJobException("Job data is neither JSON nor pickle: " + e.getOriginalMessage());
        }
        if (!call.isArray() || call.size() != 4 || !call.get(0).isString()) {
            throw new UnrunnableJobException(
                    "Job data is not [function, null, arguments, keyword arguments]: " + shortened(call));
        }
        if (!call.get(1).isNull()) {
            throw new UnrunnableJobException("Job asks for a method of a Python object (" + shortened(call.get(1))
                    + "); this worker runs functions only.");
        }
        if (!call.get(2).isArray() || !call.get(3).isObject()) {
            throw new UnrunnableJobException("Job data needs a list of arguments and an object of keyword arguments,"
                    + " was: " + shortened(call));
        }
        var named = new TreeMap<String, JsonNode>();
        call.get(3).forEachEntry(named::put);
        return new Call(call.get(0).stringValue(), call.get(2).valueStream().toList(), named);
    }

    private byte[] inflated() throws UnrunnableJobException {
        try {
            var inflated = Zlib.inflate(bytes, LIMIT_BYTES);
            return inflated == null ? bytes : inflated;
        } catch (IllegalArgumentException e) {
            throw new UnrunnableJobException("Job data is " + e.getMessage() + ".");
        }
    }

    private static String shortened(JsonNode node) {
        var text = node.toString();
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }
}
