package dev.simul.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line which option is wrong, what it was given and what it takes. */
final class UsageMessage {
    private static final Pattern DURATION = Pattern.compile("(?<=was )PT-?[0-9][0-9HMS.-]*");

    private UsageMessage() {}

    static String of(ParameterException failure) {
        return failure instanceof UnmatchedArgumentException unmatched
                ? unknown(unmatched)
                : tidy(Objects.requireNonNullElse(failure.getMessage(), ""));
    }

    private static String unknown(UnmatchedArgumentException failure) {
        var first = failure.getUnmatched().getFirst();
        var command = failure.getCommandLine().getCommandSpec();
        var kind = first.startsWith("-")
                ? "unknown option "
                : command.subcommands().isEmpty() ? "unexpected argument " : "unknown command ";
        var close = failure.getSuggestions();
        return kind + first + (close.isEmpty() ? "" : "; did you mean " + String.join(" or ", close) + "?");
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
                .replaceFirst(" \\(start marker at \\[Source: .*$", "") // Jackson, of text that ends too early
                .transform(text -> DURATION.matcher(text).replaceAll(found -> seconds(found.group())))
                .replace("s or FOREVER", "s, or -1 for ever");
    }

    /** A duration as the command line takes it, where the library writes Java's {@code PT1M}. */
    private static String seconds(String iso) {
        var duration = Duration.parse(iso);
        if (duration.equals(ChronoUnit.FOREVER.getDuration())) {
            return "-1 (for ever)";
        }
        return duration.isZero()
                ? "0 s"
                : BigDecimal.valueOf(duration.toMillis(), 3)
                                .stripTrailingZeros()
                                .toPlainString() + " s";
    }
}
