package dev.simul.differential;

/** The failure of a program. */
final class Boom extends Exception {

    private static final long serialVersionUID = 1;

    Boom(String name) {
        super(name);
    }
}
