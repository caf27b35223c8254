package dev.simul.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

// Delta debugging over the tree: from the outermost list to the innermost, leave parts out, first many at a time, then
// one; put a list's own statements in its place; make numbers smaller. Whatever still fails is where it goes on, until
// nothing can be made smaller. Programs stay programs, since statements that cannot do anything do nothing.

/** Makes a program smaller as long as it fails. */
final class Shortener {

    private final Predicate<Node> fails;
    private Node smallest;

    private Shortener(Node program, Predicate<Node> fails) {
        this.smallest = program;
        this.fails = fails;
    }

    static Node shorten(Node program, Predicate<Node> fails) {
        var shortener = new Shortener(program, fails);
        while (shortener.pass()) {
            // once more
        }
        return shortener.smallest;
    }

    /** Whether something became smaller. */
    private boolean pass() {
        boolean smaller = false;
        for (int list = 0; list < countLists(smallest); list++) {
            smaller |= leaveOut(list) | unwrap(list) | lower(list);
        }
        return smaller;
    }

    private boolean leaveOut(int list) {
        boolean smaller = false;
        for (int many = find(smallest, list).parts().size(); many > 0; many /= 2) {
            for (int from = 1; from < find(smallest, list).parts().size(); ) {
                List<Node> parts = new ArrayList<>(find(smallest, list).parts());
                parts.subList(from, Math.min(from + many, parts.size())).clear();
                if (accept(replace(smallest, list, Node.list(parts)))) {
                    smaller = true;
                } else {
                    from++;
                }
            }
        }
        return smaller;
    }

    /** Puts the statements of a list in its place. */
    private boolean unwrap(int list) {
        for (var part : find(smallest, list).lists()) {
            if (list > 0 && accept(replace(smallest, list, part))) {
                return true;
            }
        }
        return false;
    }

    private boolean lower(int list) {
        boolean smaller = false;
        for (int i = 1; i < find(smallest, list).parts().size(); i++) {
            for (int value = find(smallest, list).numberAt(i, 0); value > 0; value--) {
                List<Node> parts = new ArrayList<>(find(smallest, list).parts());
                parts.set(i, Node.named(value - 1));
                if (!accept(replace(smallest, list, Node.list(parts)))) {
                    break;
                }
                smaller = true;
            }
        }
        return smaller;
    }

    private boolean accept(Node candidate) {
        var program = Node.parse(candidate.toString());
        if (!fails.test(program)) {
            return false;
        }
        smallest = program;
        return true;
    }

    private static int countLists(Node node) {
        return node.isList()
                ? 1 + node.parts().stream().mapToInt(Shortener::countLists).sum()
                : 0;
    }

    private static Node find(Node node, int number) {
        if (node.number() == number) {
            return node;
        }
        Node child = node;
        for (var list : node.lists()) {
            if (list.number() > number) {
                break;
            }
            child = list;
        }
        return find(child, number);
    }

    private static Node replace(Node node, int number, Node by) {
        if (!node.isList()) {
            return node;
        }
        return node.number() == number
                ? by
                : new Node(
                        "",
                        node.parts().stream()
                                .map(part -> replace(part, number, by))
                                .toList(),
                        node.number());
    }
}
