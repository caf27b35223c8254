package dev.simul.cli;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/** What somebody may have meant who wrote a word that a command does not know. */
public final class Spelling {
    private Spelling() {}

    /** A question for the options or commands that are nearest, to end a sentence with; empty if none is near. */
    public static String meant(String word, CommandSpec command) {
        var known = word.startsWith("-")
                ? command.options().stream().flatMap(option -> Stream.of(option.names()))
                : command.subcommands().keySet().stream();
        var near = nearest(word, known.filter(name -> !name.equals("rehearse")).toList());
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    static List<String> nearest(String word, List<String> known) {
        int farthest = word.length() < 3 ? 0 : word.length() < 4 ? 1 : Math.max(2, word.length() / 3);
        int best = known.stream().mapToInt(name -> distance(word, name)).min().orElse(farthest + 1);
        return best > farthest
                ? List.of()
                : known.stream().filter(name -> distance(word, name) == best).toList();
    }

    /** How many letters have to be added, left out, exchanged or swapped; none for a beginning that is long enough. */
    private static int distance(String word, String name) {
        if (word.length() >= 4 && name.startsWith(word)) {
            return 0;
        }
        var rows = new int[word.length() + 1][name.length() + 1];
        for (int i = 0; i <= word.length(); i++) {
            for (int j = 0; j <= name.length(); j++) {
                rows[i][j] = i == 0 || j == 0 ? i + j : step(word, name, rows, i, j);
            }
        }
        return rows[word.length()][name.length()];
    }

    private static int step(String word, String name, int[][] rows, int i, int j) {
        boolean same = word.charAt(i - 1) == name.charAt(j - 1);
        int fewest = Math.min(Math.min(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + (same ? 0 : 1));
        boolean swapped =
                i > 1 && j > 1 && word.charAt(i - 1) == name.charAt(j - 2) && word.charAt(i - 2) == name.charAt(j - 1);
        return swapped ? Math.min(fewest, rows[i - 2][j - 2] + 1) : fewest;
    }
}
