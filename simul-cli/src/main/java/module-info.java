/** The {@code simul} command. */
module dev.simul.cli {
    requires dev.simul;
    requires info.picocli;
    requires java.logging;
    requires static org.jspecify;

    opens dev.simul.cli to
            info.picocli;
    opens dev.simul.cli.chess to
            info.picocli;
}
