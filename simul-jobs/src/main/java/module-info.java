import org.jspecify.annotations.NullMarked;

/** Jobs on a Redis queue, in the layout of Python's RQ: producers, workers and waiting for results. */
@NullMarked
module dev.simul.jobs {
    requires transitive dev.simul;
    requires dev.simul.process;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.resolver.dns; // Lettuce has no descriptor of its own that could say that it needs it
    requires io.netty.transport;
    requires java.net.http;
    requires lettuce.core;
    requires pickle;
    requires reactor.core;
    requires tools.jackson.databind;
    requires static io.opentelemetry.api;
    requires static io.opentelemetry.context;
    requires static jdk.jfr;
    requires static micrometer.core;
    requires static org.jspecify;

    exports dev.simul.jobs;
}
