import org.jspecify.annotations.NullMarked;

/** Generators, coroutines, the event loop, tasks and their structure. Depends on the JDK only. */
@NullMarked
module dev.simul {
    requires static transitive org.jspecify;

    exports dev.simul;
    exports dev.simul.sync;
}
