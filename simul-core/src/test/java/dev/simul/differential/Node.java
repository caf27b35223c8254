package dev.simul.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * A program, or a part of one: a word, or a list in parentheses.
 *
 * @param word the word, empty for a list
 * @param parts what the list consists of
 * @param number of a list, counted from the beginning of the program; so both interpreters call it the same
 */
record Node(String word, List<Node> parts, int number) {

    static Node named(Object word) {
        return new Node(word.toString(), List.of(), 0);
    }

    /** A list that begins with a word; strings and numbers among the parts become words. */
    static Node list(String head, Object... parts) {
        List<Node> all = new ArrayList<>();
        all.add(named(head));
        for (var part : parts) {
            switch (part) {
                case Node node -> all.add(node);
                case List<?> several -> several.forEach(each -> all.add((Node) each));
                default -> all.add(named(part));
            }
        }
        return list(all);
    }

    static Node list(List<Node> parts) {
        return new Node("", List.copyOf(parts), 0);
    }

    static Node parse(String text) {
        return new Parser(new StringTokenizer(text, "() \n\t", true)).program();
    }

    boolean isList() {
        return word.isEmpty();
    }

    /** The first word of a list, which says what it is. */
    String head() {
        return parts.isEmpty() ? "" : parts.getFirst().word;
    }

    /** The word at a place, or another one if there is none. */
    String wordAt(int index, String otherwise) {
        return index < parts.size() && !parts.get(index).isList() ? parts.get(index).word : otherwise;
    }

    int numberAt(int index, int otherwise) {
        var text = wordAt(index, "");
        return text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
    }

    /** The lists among the parts: for a block, its statements. */
    List<Node> lists() {
        return parts.stream().filter(Node::isList).toList();
    }

    /** The words after the first. */
    List<String> words() {
        return parts.stream()
                .skip(1)
                .filter(part -> !part.isList())
                .map(Node::word)
                .toList();
    }

    /** How many words and lists it has. */
    int size() {
        return 1 + parts.stream().mapToInt(Node::size).sum();
    }

    @Override
    public String toString() {
        return isList()
                ? parts.stream().map(Node::toString).collect(java.util.stream.Collectors.joining(" ", "(", ")"))
                : word;
    }

    private static final class Parser {

        private final StringTokenizer tokens;
        private int lists;

        Parser(StringTokenizer tokens) {
            this.tokens = tokens;
        }

        Node program() {
            var token = next();
            if (!token.equals("(")) {
                throw new IllegalArgumentException("a program begins with (, not with " + token);
            }
            return list();
        }

        private Node list() {
            int number = lists++;
            List<Node> parts = new ArrayList<>();
            for (var token = next(); !token.equals(")"); token = next()) {
                parts.add(token.equals("(") ? list() : named(token));
            }
            return new Node("", List.copyOf(parts), number);
        }

        private String next() {
            while (tokens.hasMoreTokens()) {
                var token = tokens.nextToken();
                if (!token.isBlank()) {
                    return token;
                }
            }
            throw new IllegalArgumentException("a ) is missing");
        }
    }
}
