package dev.simul.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Passes on line by line what a child prints, and keeps the last lines. */
final class OutputLines {
    private static final int KEPT_LINES = 20;
    private static final int LONGEST_LINE = 8 * 1024;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final Deque<String> last = new ArrayDeque<>();
    private final Consumer<String> sink;
    private final Thread reader;

    OutputLines(InputStream stream, Consumer<String> sink, String threadName) {
        this.sink = sink;
        this.reader = Thread.ofPlatform().daemon().name(threadName).start(() -> readAll(stream));
    }

    /** The last lines, once all that the dead process wrote is read; a grandchild may hold the stream open for longer. */
    List<String> lastLines() throws InterruptedException {
        reader.join(LAST_WORDS);
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    private void readAll(InputStream stream) {
        var line = new StringBuilder();
        try (Reader characters = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            var piece = new char[LONGEST_LINE];
            for (int length = characters.read(piece); length >= 0; length = characters.read(piece)) {
                for (int i = 0; i < length; i++) {
                    if (piece[i] != '\n') {
                        line.append(piece[i]);
                    }
                    if (piece[i] == '\n' || line.length() == LONGEST_LINE) {
                        pass(line);
                    }
                }
            }
        } catch (IOException processGone) {
            // What was read is all there is.
        }
        if (!line.isEmpty()) {
            pass(line);
        }
    }

    private void pass(StringBuilder text) {
        String line = text.toString();
        text.setLength(0);
        synchronized (last) {
            if (last.size() == KEPT_LINES) {
                last.removeFirst();
            }
            last.addLast(line);
        }
        sink.accept(line);
    }
}
