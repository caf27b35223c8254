package dev.simul.cli;

/** What the exit code of every command means. */
public final class ExitCode {
    /** Everything asked for was done. */
    public static final int OK = 0;
    /** It ran, and some or all of the work failed. */
    public static final int FAILED = 1;
    /** Nothing ran: a bad option, or something the command line points to is not there. */
    public static final int USAGE = 2;
    /** The time that was given for waiting has passed; what is waited for goes on. As {@code timeout} of the coreutils. */
    public static final int TIME_OUT = 124;
    /** Ended by Ctrl-C: 128 + SIGINT, as shells count. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
