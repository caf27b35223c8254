package dev.simul.jobs.internal.worker;

import java.util.concurrent.Callable;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/** Writes runs of jobs to the flight recorder; its event class is not touched before somebody records. */
final class JobFlight {
    private static final boolean IN_JDK =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private JobFlight() {}

    /** Whether the recorder has been started in this process. */
    static boolean isWanted() {
        return IN_JDK && FlightRecorder.isInitialized();
    }

    static byte @Nullable [] record(JobCall call, Callable<byte @Nullable []> function) throws Exception {
        var event = new JobEvent();
        event.begin();
        boolean failed = true;
        try {
            var value = function.call();
            failed = false;
            return value;
        } finally {
            event.end();
            if (event.shouldCommit()) {
                event.id = call.job().id();
                event.execution = call.job().executionId();
                event.queue = call.job().queue();
                event.function = call.method().name();
                event.failed = failed;
                event.commit();
            }
        }
    }
}
