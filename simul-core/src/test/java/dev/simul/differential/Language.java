package dev.simul.differential;

import java.util.Set;

/** The statements that programs are made of. */
final class Language {

    /** Those that do not wait. */
    static final Set<String> ACTS = Set.of(
            "note",
            "return",
            "raise",
            "raise-cancelled",
            "rethrow",
            "spawn",
            "eager",
            "fork",
            "cancel",
            "uncancel",
            "requests",
            "look",
            "on-done",
            "reschedule",
            "expired",
            "call-soon",
            "call-later",
            "cancel-call",
            "complete",
            "fail",
            "set-var",
            "get-var",
            "reset-var",
            "release",
            "locked",
            "set",
            "clear",
            "notify",
            "bump",
            "put-nowait",
            "get-nowait",
            "task-done",
            "shutdown",
            "shutdown-now",
            "size");

    /** Those that may wait. */
    static final Set<String> WAITS = Set.of(
            "do",
            "repeat",
            "sleep",
            "await",
            "shield",
            "gather",
            "timeout",
            "generate",
            "shield-task",
            "gather-results",
            "gather-tasks",
            "gather-tasks-results",
            "wait",
            "wait-for",
            "wait-for-new",
            "as-completed",
            "group",
            "try",
            "acquire",
            "with",
            "wait-event",
            "wait-condition",
            "wait-until",
            "wait-barrier",
            "abort",
            "reset",
            "put",
            "get",
            "join");

    /** What would end a callback, or needs a task. */
    static final Set<String> NOT_IN_CALLBACKS = Set.of("eager", "return", "raise", "raise-cancelled", "rethrow");

    private Language() {}
}
