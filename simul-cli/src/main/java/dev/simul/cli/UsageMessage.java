package dev.simul.cli;

import dev.simul.jobs.InvalidSettingException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line which option is wrong, what it was given and what it takes. */
public final class UsageMessage {
    /** What an option sets, where its name does not say it. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("--redis", "urls"),
            Map.entry("--tls-ca", "tls caFile"),
            Map.entry("--tls-cert", "tls certificate"),
            Map.entry("--tls-key", "tls key"),
            Map.entry("--results-ttl", "resultTtl"),
            Map.entry("--job-monitoring-interval", "heartbeatInterval"),
            Map.entry("--grace", "gracePeriod"),
            Map.entry("--child-option", "childOptions"),
            Map.entry("--dequeue-strategy", "a dequeue strategy"),
            Map.entry("--num-workers", "workers"),
            Map.entry("--duration", "a pause"),
            Map.entry("--schedule-in", "in"),
            Map.entry("--retry-max", "Retry.max"),
            Map.entry("--retry-interval", "Retry.intervals"),
            Map.entry("--repeat", "Repeat.times"),
            Map.entry("--repeat-interval", "Repeat.intervals"));

    private static final Pattern DASH = Pattern.compile("-(.)");

    private UsageMessage() {}

    static String of(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unknown(unmatched);
        }
        if (failure instanceof MissingParameterException missing
                && missing.getMissing().getFirst() instanceof OptionSpec option) {
            return name(option) + " needs a value, " + option.paramLabel();
        }
        return tidy(Objects.requireNonNullElse(failure.getMessage(), ""));
    }

    /** What the library says of a setting, in the words of the option that was given for it. */
    static String of(InvalidSettingException refused, ParseResult given) {
        for (var option : given.matchedOptions()) {
            var name = name(option);
            if (SETTINGS.getOrDefault(name, camelCase(name)).equals(refused.setting())) {
                boolean time = List.of(option.auxiliaryTypes()).contains(Duration.class); // the library's is PT1M
                return of(refused, name, time ? String.join(", ", option.originalStringValues()) : refused.value());
            }
        }
        return String.valueOf(refused.getMessage());
    }

    /** The same, with the name and the value as they were written. */
    public static String of(InvalidSettingException refused, String name, String value) {
        return name + " " + refused.rule().replace("FOREVER", "-1 for ever") + ", was " + value
                + (refused.wayOut().isEmpty() ? "" : "; " + refused.wayOut());
    }

    private static String name(OptionSpec option) {
        return Arrays.stream(option.names())
                .filter(word -> word.startsWith("--"))
                .findFirst()
                .orElse(option.longestName());
    }

    private static String camelCase(String option) {
        return DASH.matcher(option.substring(2))
                .replaceAll(dash -> dash.group(1).toUpperCase(Locale.ROOT));
    }

    private static String unknown(UnmatchedArgumentException failure) {
        var first = failure.getUnmatched().getFirst();
        var command = failure.getCommandLine().getCommandSpec();
        var kind = first.startsWith("-")
                ? "unknown option "
                : command.subcommands().isEmpty() ? "unexpected argument " : "unknown command ";
        return kind + first + Spelling.meant(first, command);
    }

    // picocli: Invalid value for option '--games' (<games>): 'x' is not an int
    private static String tidy(String message) {
        return message.lines()
                .findFirst()
                .orElse("bad command line")
                .replaceFirst("^Invalid value for option '([^']+)'( \\(.*?\\))?: ", "$1: ")
                .replaceFirst("^Invalid value for positional parameter .*? \\((.*?)\\): ", "$1: ")
                .replaceFirst("^Value for option option '([^']+)' \\((\\S+)\\) .* but was ", "$1 must be $2, was ")
                .replaceFirst("is not an? (int|long)$", "is not a whole number")
                .replaceFirst("^Missing required|^Missing", "missing")
                .replaceFirst(" \\(start marker at \\[Source: .*$", ""); // Jackson, of text that ends too early
    }
}
