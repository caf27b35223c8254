package dev.simul.jobs;

import java.io.Serial;
import java.time.Duration;
import java.util.Map;

/**
 * Says that a setting does not take a value, in parts, so that a program can put them in the words of its own options.
 *
 * <p>The message is all of them: {@code timeout must be at least 1 s or FOREVER, was PT0.5S}.
 */
public final class InvalidSettingException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String setting;
    private final String rule;
    private final String value;
    private final String wayOut;

    /**
     * A refusal.
     *
     * @param setting its name
     * @param rule what follows the name: {@code must be between 1 and 10}
     * @param value what it was given, without secrets
     */
    public InvalidSettingException(String setting, String rule, Object value) {
        this(setting, rule, value, "");
    }

    /**
     * A refusal with advice.
     *
     * @param setting its name
     * @param rule what follows the name: {@code must be between 1 and 10}
     * @param value what it was given, without secrets
     * @param wayOut what to do instead, empty if the rule says it
     */
    public InvalidSettingException(String setting, String rule, Object value, String wayOut) {
        super(setting + " " + rule + ", was " + shown(value) + (wayOut.isEmpty() ? "" : "; " + wayOut));
        this.setting = setting;
        this.rule = rule;
        this.value = shown(value);
        this.wayOut = wayOut;
    }

    /**
     * The same for somebody to whom settings have other names, such as variables of the environment.
     *
     * @param names by setting; one that is not there keeps its own
     */
    public InvalidSettingException as(Map<String, String> names) {
        return new InvalidSettingException(names.getOrDefault(setting, setting), rule, value, wayOut);
    }

    private static String shown(Object value) {
        return value instanceof Duration time && time.equals(JobOptions.FOREVER) ? "FOREVER" : value.toString();
    }

    /** The setting's name. */
    public String setting() {
        return setting;
    }

    /** What it takes, to be read after its name; {@code FOREVER} in it is {@link JobOptions#FOREVER}. */
    public String rule() {
        return rule;
    }

    /** What it was given. */
    public String value() {
        return value;
    }

    /** What to do instead; empty if the rule says it. */
    public String wayOut() {
        return wayOut;
    }
}
