package dev.simul.jobs.internal.cron;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/** One of the five fields of a cron expression: its bounds, and the names that its values may have. */
enum CronField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day of the month", 1, 31, ""),
    MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    /** 0 and 7 are Sunday. */
    DAY_OF_WEEK("day of the week", 0, 7, "sun mon tue wed thu fri sat");

    private final String title;
    private final int least;
    private final int most;
    private final String names;

    CronField(String title, int least, int most, String names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /**
     * The values that a text such as {@code 1-5,10/2} stands for.
     *
     * @throws IllegalArgumentException if it stands for none
     */
    BitSet read(String text) {
        var values = new BitSet();
        for (var part : text.split(",", -1)) {
            add(values, part);
        }
        if (this == DAY_OF_WEEK && values.get(7)) {
            values.set(0);
            values.clear(7);
        }
        return values;
    }

    private void add(BitSet values, String part) {
        var slash = part.split("/", -1);
        int step = slash.length == 1 ? 1 : number(slash[1], part);
        if (slash.length > 2 || step < 1) {
            throw wrong(part, "a step is written */5 or 10-20/2");
        }
        var range = slash[0].split("-", -1);
        int first = range[0].equals("*") ? least : value(range[0], part);
        int last;
        if (range.length == 2 && !range[0].equals("*")) {
            last = value(range[1], part);
        } else if (range.length == 1) {
            // a step without an end goes to the last one: 10/5 is 10-59/5
            last = range[0].equals("*") || slash.length == 2 ? (this == DAY_OF_WEEK ? 6 : most) : first;
        } else {
            throw wrong(part, "a range is written 1-5");
        }
        if (last < first && this == DAY_OF_WEEK && last == 0) {
            last = 7; // fri-sun
        }
        if (last < first) {
            throw wrong(part, "a range goes upwards");
        }
        for (int value = first; value <= last; value += step) {
            values.set(value);
        }
    }

    private int value(String text, String part) {
        int name = List.of(names.split(" ")).indexOf(text.isEmpty() ? " " : text.toLowerCase(Locale.ROOT));
        int value = name >= 0 ? name + (this == MONTH ? 1 : 0) : number(text, part);
        if (value < least || value > most) {
            throw wrong(part, "it must be between " + least + " and " + most);
        }
        return value;
    }

    private int number(String text, String part) {
        if (!text.matches("[0-9]{1,4}")) {
            throw wrong(
                    part,
                    names.isEmpty()
                            ? "it takes numbers, *, and ranges"
                            : "it takes numbers, *, ranges and " + names.replaceAll(" .* ", " to "));
        }
        return Integer.parseInt(text);
    }

    private IllegalArgumentException wrong(String part, String why) {
        return new IllegalArgumentException("the " + title + " cannot be '" + part + "': " + why);
    }
}
