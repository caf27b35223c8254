package dev.simul.cli.ps;

/** Says why a process cannot be looked into, and what to do about it. */
final class UnreachableJvmException extends Exception {

    private static final long serialVersionUID = 1;

    UnreachableJvmException(String message) {
        super(message);
    }

    UnreachableJvmException(String message, Throwable cause) {
        super(message, cause);
    }
}
