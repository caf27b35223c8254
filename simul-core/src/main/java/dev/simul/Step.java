package dev.simul;

/** An entry of a loop's ready queue. */
interface Step {
    /** Does what is due, on the loop's thread. Must not throw. */
    void step();
}
