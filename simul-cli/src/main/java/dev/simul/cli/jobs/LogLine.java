package dev.simul.cli.jobs;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

/** A line of the log in the form that {@code rq worker --log-format} takes, which is Python's {@code logging.Formatter}. */
final class LogLine extends Formatter {
    private static final Pattern PART = Pattern.compile("%(?:\\((\\w+)\\)(-?\\d*)[sd]|(.?))");

    private static final Pattern DATE_PART = Pattern.compile("%.?|[^%]+");

    private final List<Function<LogRecord, String>> parts = new ArrayList<>();
    private final DateTimeFormatter date;

    /**
     * @throws IllegalArgumentException if a form has something in it that is not known here
     */
    LogLine(String line, String date) {
        this.date = date(date);
        var found = PART.matcher(line);
        int at = 0;
        for (; found.find(); at = found.end()) {
            text(line.substring(at, found.start()));
            if ("%".equals(found.group(3))) {
                text("%");
            } else if (found.group(1) == null) {
                throw unknown("--log-format", found.group(), line);
            } else {
                var width = "%" + found.group(2) + "s";
                var value = value(found.group(1), line);
                parts.add(entry -> String.format(width, value.apply(entry)));
            }
        }
        text(line.substring(at));
    }

    private void text(String text) {
        parts.add(_ -> text);
    }

    private Function<LogRecord, String> value(String name, String line) {
        return switch (name) {
            case "asctime" -> entry -> date.format(entry.getInstant().atZone(ZoneId.systemDefault()));
            case "message" -> this::formatMessage;
            case "levelname" -> entry -> level(entry.getLevel());
            case "name" -> LogRecord::getLoggerName;
            case "process" -> _ -> Long.toString(ProcessHandle.current().pid());
            case "thread" -> entry -> Long.toString(entry.getLongThreadID());
            case "threadName" -> _ -> Thread.currentThread().getName();
            default -> throw unknown("--log-format", "%(" + name + ")", line);
        };
    }

    private static String level(Level level) {
        int value = level.intValue();
        return value >= Level.SEVERE.intValue()
                ? "ERROR"
                : value >= Level.WARNING.intValue() ? "WARNING" : value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static DateTimeFormatter date(String form) {
        var date = new DateTimeFormatterBuilder();
        for (var found = DATE_PART.matcher(form); found.find(); ) {
            var part = found.group();
            if (!part.startsWith("%")) {
                date.appendLiteral(part);
                continue;
            }
            switch (part.length() > 1 ? part.charAt(1) : ' ') {
                case 'Y' -> date.appendPattern("uuuu");
                case 'y' -> date.appendPattern("uu");
                case 'm' -> date.appendPattern("MM");
                case 'd' -> date.appendPattern("dd");
                case 'H' -> date.appendPattern("HH");
                case 'I' -> date.appendPattern("hh");
                case 'M' -> date.appendPattern("mm");
                case 'S' -> date.appendPattern("ss");
                case 'f' -> date.appendPattern("SSSSSS");
                case 'j' -> date.appendPattern("DDD");
                case 'p' -> date.appendPattern("a");
                case 'z' -> date.appendPattern("xx");
                case 'Z' -> date.appendPattern("z");
                case 'a' -> date.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
                case 'A' -> date.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
                case 'b' -> date.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
                case 'B' -> date.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
                case 'F' -> date.appendPattern("uuuu-MM-dd");
                case 'T' -> date.appendPattern("HH:mm:ss");
                case '%' -> date.appendLiteral('%');
                default -> throw unknown("--date-format", part, form);
            }
        }
        return date.toFormatter(Locale.ENGLISH);
    }

    private static IllegalArgumentException unknown(String option, String part, String form) {
        return new IllegalArgumentException(option + " cannot have '" + part + "', was '" + form + "'; "
                + (option.equals("--date-format")
                        ? "there are %Y %y %m %d %H %I %M %S %f %j %p %z %Z %a %A %b %B %F %T %%"
                        : "there are %(asctime)s %(levelname)s %(name)s %(message)s %(process)d %(thread)d"
                                + " %(threadName)s %%"));
    }

    @Override
    public String format(LogRecord entry) {
        var line = new StringBuilder();
        parts.forEach(part -> line.append(part.apply(entry)));
        return line.append(System.lineSeparator()).toString();
    }
}
