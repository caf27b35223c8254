/** The {@code simul} command. */
module dev.simul.cli {
    requires dev.simul;
    requires dev.simul.http;
    requires dev.simul.jobs;
    requires dev.simul.process;
    requires info.picocli;
    requires java.logging;
    requires java.management;
    requires jdk.attach;
    requires jdk.httpserver;
    requires jdk.management;
    requires static org.jspecify;
    requires tools.jackson.databind;

    opens dev.simul.cli to
            info.picocli;
    opens dev.simul.cli.chess to
            info.picocli;
    opens dev.simul.cli.compare to
            info.picocli,
            dev.simul.jobs;
    opens dev.simul.cli.ps to
            info.picocli;
    opens dev.simul.cli.jobs to
            info.picocli,
            dev.simul.jobs;
}
