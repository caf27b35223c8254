package dev.simul.cli.compare;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What all units together came to: the sum where every answer is a whole number, otherwise a fingerprint of all answers
 * in the order of the units.
 *
 * @param answered how many units have an answer
 * @param value a {@link BigInteger} or a {@link String}; null if no unit has an answer
 */
record Answer(int answered, @Nullable Object value) {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,30}");

    static Answer of(List<@Nullable UnitRun> runs) {
        var answers = runs.stream()
                .filter(Objects::nonNull)
                .map(UnitRun::answer)
                .filter(Objects::nonNull)
                .toList();
        if (answers.isEmpty()) {
            return new Answer(0, null);
        }
        var numbers =
                answers.stream().allMatch(answer -> WHOLE_NUMBER.matcher(answer).matches());
        return new Answer(
                answers.size(),
                numbers
                        ? answers.stream().map(BigInteger::new).reduce(BigInteger.ZERO, BigInteger::add)
                        : fingerprint(answers));
    }

    private static String fingerprint(List<String> answers) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var answer : answers) {
                digest.update((answer + "\0").getBytes(StandardCharsets.UTF_8));
            }
            return "sha256:" + HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
