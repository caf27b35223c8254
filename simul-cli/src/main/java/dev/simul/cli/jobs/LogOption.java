package dev.simul.cli.jobs;

import java.util.List;
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
    /** What they have to say at debug would hide what is said of jobs; kept here, because a log manager forgets loggers. */
    private static final List<Logger> LIBRARIES = List.of(Logger.getLogger("io.lettuce"), Logger.getLogger("io.netty"));

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

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "A line of the log, in Python's words: %%(asctime)s, %%(levelname)s, %%(name)s, %%(message)s,"
                    + " %%(process)d, %%(threadName)s (default: simul: %%(message)s).")
    private @Nullable String format;

    @Option(
            names = "--date-format",
            paramLabel = "FORMAT",
            description =
                    "What %%(asctime)s is, in Python's words, with %%Y %%m %%d %%H %%M %%S %%f %%z %%b %%a %%j %%p %%I %%y"
                            + " (default: %%H:%%M:%%S).")
    private @Nullable String dateFormat;

    private static Level atLeastInfo(Level level) {
        return level.intValue() < Level.INFO.intValue() ? Level.INFO : level;
    }

    private void lines(String line, String date) {
        var formatter = new LogLine(line, date);
        for (var handler : Logger.getLogger("").getHandlers()) {
            handler.setFormatter(formatter);
        }
    }

    /** Says what is logged from now on. */
    void configure() {
        if (talkative && quiet) {
            throw new ParameterException(spec.commandLine(), "-v and -q exclude each other");
        }
        if (format != null || dateFormat != null) {
            lines(format == null ? "%(asctime)s %(message)s" : format, dateFormat == null ? "%H:%M:%S" : dateFormat);
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
        for (var library : LIBRARIES) {
            library.setLevel(atLeastInfo(Logger.getLogger("").getLevel()));
        }
        for (var handler : Logger.getLogger("").getHandlers()) {
            handler.setLevel(Level.ALL);
        }
    }
}
