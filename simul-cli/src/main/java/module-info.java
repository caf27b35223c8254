/** The {@code simul} command. */
module dev.simul.cli {
    requires dev.simul;
    requires dev.simul.http;
    requires dev.simul.jobs;
    requires info.picocli;
    requires java.logging;
    requires tools.jackson.databind;
    requires static org.jspecify;

    opens dev.simul.cli to
            info.picocli;
    opens dev.simul.cli.chess to
            info.picocli;
    opens dev.simul.cli.jobs to
            info.picocli,
            dev.simul.jobs;
}
