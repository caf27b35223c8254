package dev.simul.cli.compare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Real documents that are on every machine: the licence texts that a JDK carries in its folder {@code legal}.
 *
 * <p>Modules share most of them by links, so each text is taken once. A JDK that was stripped of them serves a text of
 * ours.
 */
final class LegalTexts {
    private static final int SHORTEST_BYTES = 500;

    private LegalTexts() {}

    /** The texts by their path, such as {@code java.base/unicode.md}; never empty, always in the same order. */
    static Map<String, byte[]> find() {
        return find(Path.of(System.getProperty("java.home"), "legal"));
    }

    static Map<String, byte[]> find(Path folder) {
        var texts = new TreeMap<String, byte[]>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.walk(folder)) {
                Set<ByteBuffer> seen = new HashSet<>();
                for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
                    var text = Files.readAllBytes(file);
                    if (text.length >= SHORTEST_BYTES && seen.add(ByteBuffer.wrap(text))) {
                        texts.put(folder.relativize(file).toString().replace('\\', '/'), text);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the texts in " + folder + ": " + e.getMessage(), e);
            }
        }
        if (texts.isEmpty()) {
            texts.put("exhibition.txt", own());
        }
        return texts;
    }

    private static byte[] own() {
        try (var in = LegalTexts.class.getResourceAsStream("exhibition.txt")) {
            if (in == null) {
                throw new IllegalStateException("exhibition.txt is missing from the jar of simul-cli; build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
