package dev.simul.test;

import dev.simul.EventLoop;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Set;

/** The line of the user's own code in a stack. */
final class UserFrame {

    private static final Set<CodeSource> OURS = Set.of(codeSource(EventLoop.class), codeSource(UserFrame.class));

    private UserFrame() {}

    /** {@code File.java:12} of the innermost call that is neither the JDK's nor Simul's; empty if there is none. */
    static String of(StackTraceElement[] stack) {
        for (var frame : stack) {
            if (isUsers(frame.getClassName())) {
                return frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return "";
    }

    private static boolean isUsers(String className) {
        try {
            var type = Class.forName(className, false, Thread.currentThread().getContextClassLoader());
            var source = type.getProtectionDomain().getCodeSource();
            return type.getClassLoader() != null && (source == null || !OURS.contains(source));
        } catch (ClassNotFoundException | LinkageError e) {
            return !className.startsWith("java.") && !className.startsWith("jdk.");
        }
    }

    private static CodeSource codeSource(Class<?> type) {
        return Objects.requireNonNull(type.getProtectionDomain().getCodeSource());
    }
}
