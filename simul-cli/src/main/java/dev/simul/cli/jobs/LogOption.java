package dev.simul.cli.jobs;

import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what is logged, in RQ's words. */
final class LogOption {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-l", "--logging-level", "--logging_level"},
            paramLabel = "LEVEL",
            description = "What to log: debug, info, warning, error or critical (default: warning).")
    private @Nullable String level;

    @Option(
            names = {"-v"},
            description = "As --logging-level debug.")
    private boolean talkative;

    @Option(
            names = {"-q", "--quiet"},
            description = "As --logging-level error.")
    private boolean quiet;

    /** Says what is logged from now on. */
    void configure() {
        if (talkative && quiet) {
            throw new ParameterException(spec.commandLine(), "-v and -q exclude each other");
        }
        if (level == null && !talkative && !quiet) {
            return;
        }
        var word = level != null ? level : talkative ? "debug" : "error";
        Logger.getLogger("")
                .setLevel(
                        switch (word.toLowerCase(Locale.ROOT)) {
                            case "debug" -> Level.FINE;
                            case "info" -> Level.INFO;
                            case "warning" -> Level.WARNING;
                            case "error", "critical" -> Level.SEVERE;
                            default ->
                                throw new ParameterException(
                                        spec.commandLine(),
                                        "--logging-level must be debug, info, warning, error or critical, was '" + word
                                                + "'");
                        });
        for (var handler : Logger.getLogger("").getHandlers()) {
            handler.setLevel(Level.ALL);
        }
    }
}
