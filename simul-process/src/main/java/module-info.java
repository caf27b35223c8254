import org.jspecify.annotations.NullMarked;

/** A pool of child JVMs: crash isolation, real time-outs, a result or a clear failure. */
@NullMarked
module dev.simul.process {
    requires transitive dev.simul;
    requires static org.jspecify;

    exports dev.simul.process;
}
