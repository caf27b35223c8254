import org.jspecify.annotations.NullMarked;

/** What tests of coroutines need: a loop around each test method, a clock that jumps, a check that nothing is left. */
@NullMarked
module dev.simul.test {
    requires static org.jspecify;
    requires static dev.simul.jobs;
    requires transitive dev.simul;
    requires transitive org.junit.jupiter.api;

    exports dev.simul.test;
}
