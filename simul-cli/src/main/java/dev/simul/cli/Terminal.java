package dev.simul.cli;

import java.util.Map;

/**
 * What stdout and stderr are connected to, so that pictures and colours go to people only.
 *
 * <p>Java can tell whether stdin and stdout are both a terminal, and nothing about stderr; the launcher can, and says so in
 * the properties {@code simul.terminal} (the numbers of the streams that are one) and {@code simul.columns}.
 */
public record Terminal(boolean out, boolean err, boolean colour, int columns) {
    private static final int USUAL_COLUMNS = 80;

    /** The terminal this process was started on. */
    public static Terminal current() {
        var told = System.getProperty("simul.terminal", isConsole() ? "12" : "");
        return of(told, System.getProperty("simul.columns", ""), System.getenv());
    }

    @SuppressWarnings("SystemConsoleNull") // null again since 25, whose default provider is java.base
    private static boolean isConsole() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    static Terminal of(String streams, String columns, Map<String, String> environment) {
        // https://no-color.org: set and not empty
        boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
        int width = columns.matches("[1-9]\\d{1,3}") ? Integer.parseInt(columns) : USUAL_COLUMNS;
        return new Terminal(streams.contains("1"), streams.contains("2"), colour, width);
    }
}
