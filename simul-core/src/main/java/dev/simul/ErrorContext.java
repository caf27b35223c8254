package dev.simul;

import org.jspecify.annotations.Nullable;

/**
 * What a loop tells about an error that no code awaits: see {@link EventLoop#onError}.
 *
 * @param message what went wrong where, without the exception's own text
 * @param exception what was thrown, if anything was
 * @param task the task that it is about, if there is one
 * @param handle the callback that it is about, if there is one
 * @param subject what else it is about: an asynchronous generator, a connection
 */
public record ErrorContext(
        String message,
        @Nullable Throwable exception,
        @Nullable Task<?> task,
        @Nullable Handle handle,
        @Nullable Object subject) {

    static ErrorContext of(String message, Throwable exception) {
        return new ErrorContext(message, exception, null, null, null);
    }

    static ErrorContext of(String message, Throwable exception, Task<?> task) {
        return new ErrorContext(message, exception, task, null, null);
    }

    /** The message and what it is about, in one line. */
    String line() {
        var line = new StringBuilder(message);
        if (task != null) {
            line.append(": task ").append(task.name());
        }
        if (handle != null) {
            line.append(": ").append(handle);
        }
        if (subject != null) {
            line.append(": ").append(subject);
        }
        return line.toString();
    }
}
