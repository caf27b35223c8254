import org.jspecify.annotations.NullMarked;

/** Generators, coroutines, the event loop, tasks and their structure. Depends on the JDK only. */
@NullMarked
module dev.simul {
    requires static java.management;
    requires static jdk.jfr;
    requires static transitive org.jspecify;

    exports dev.simul;
    exports dev.simul.internal.tasks to
            java.management;
    exports dev.simul.sync;
}
