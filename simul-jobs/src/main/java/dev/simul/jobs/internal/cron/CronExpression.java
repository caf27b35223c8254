package dev.simul.jobs.internal.cron;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A cron expression of five fields, minute to day of the week, as croniter reads it for RQ.
 *
 * <p>If both days are restricted, either may match. A local time that the clocks skip happens when they have been put
 * forward; one that they repeat happens once, the first time.
 */
public final class CronExpression {
    private static final Map<String, String> NICKNAMES = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");

    /** Every date comes again within 28 years, but for centuries. */
    private static final int YEARS = 40;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean eitherDay;

    private CronExpression(String text, String[] fields) {
        this.text = text;
        this.minutes = CronField.MINUTE.read(fields[0]);
        this.hours = CronField.HOUR.read(fields[1]);
        this.days = CronField.DAY_OF_MONTH.read(fields[2]);
        this.months = CronField.MONTH.read(fields[3]);
        this.weekdays = CronField.DAY_OF_WEEK.read(fields[4]);
        this.eitherDay = !fields[2].equals("*") && !fields[4].equals("*");
    }

    /**
     * Reads {@code minute hour day-of-month month day-of-week}, or a nickname such as {@code @daily}.
     *
     * @throws IllegalArgumentException if it is none, or no date fits it
     */
    public static CronExpression of(String text) {
        var fields = NICKNAMES
                .getOrDefault(text.strip().toLowerCase(Locale.ROOT), text)
                .strip()
                .split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("a cron expression has five fields, minute hour day-of-month month"
                    + " day-of-week (0 9 * * mon-fri), was '" + text + "'");
        }
        CronExpression expression;
        try {
            expression = new CronExpression(text, fields);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("in the cron expression '" + text + "' " + e.getMessage(), e);
        }
        if (expression.next(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException("no date fits the cron expression '" + text + "'");
        }
        return expression;
    }

    /** The first moment after that one. */
    public Instant next(Instant after, ZoneId zone) {
        var local = LocalDateTime.ofInstant(after, zone);
        while (true) {
            local = next(local).orElseThrow();
            var moment = local.atZone(zone).toInstant(); // the first of two, or shifted by the gap
            if (moment.isAfter(after)) {
                return moment;
            }
        }
    }

    private Optional<LocalDateTime> next(LocalDateTime after) {
        var time = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        var end = time.plusYears(YEARS);
        while (time.isBefore(end)) {
            if (!months.get(time.getMonthValue())) {
                time = time.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay();
            } else if (!fits(time.toLocalDate())) {
                time = time.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!minutes.get(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    private boolean fits(LocalDate date) {
        boolean day = days.get(date.getDayOfMonth());
        boolean weekday = weekdays.get(date.getDayOfWeek().getValue() % 7);
        return eitherDay ? day || weekday : day && weekday;
    }

    /** As it was given. */
    @Override
    public String toString() {
        return text;
    }
}
