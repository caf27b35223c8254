package dev.simul.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Makes random programs: the same program for the same seed.
 *
 * <p>Few names and few times, so that tasks meet: they wait for the same things, at the same moment, while somebody cancels.
 */
final class ProgramGenerator {

    /** A kind of statement, as often as its weight says among those of its program's themes. */
    private record Kind(String theme, int weight, boolean isBlock, Function<ProgramGenerator, Node> maker) {}

    private static final int[] TIMES = {0, 0, 0, 1, 1, 2, 3, 5, 8};

    private static final List<Kind> KINDS = List.of(
            act("", 2, g -> Node.list("note")),
            act("", 2, g -> Node.list("return", g.random.nextInt(10))),
            act("", 5, g -> Node.list("raise", "E")),
            act("", 1, g -> Node.list("raise-cancelled", g.reason())),
            act("", 12, g -> g.random.nextInt(2) == 0 ? Node.list("cancel", g.task()) : g.cancelWithReason()),
            act("", 3, g -> Node.list("uncancel", g.pick("self", "self", g.task()))),
            act("", 2, g -> Node.list("requests", g.pick("self", g.task()))),
            act("", 2, g -> Node.list("look", g.task())),
            act("", 4, g -> Node.list("complete", g.promise(), g.random.nextInt(10))),
            act("", 2, g -> Node.list("fail", g.promise(), "E")),
            block("", 2, g -> Node.list("on-done", g.task(), g.acts())),
            block("", 12, g -> Node.list("spawn", g.slot(), g.statements())),
            block("", 9, g -> Node.list("fork", g.slot(), g.statements())),
            act("", 22, g -> Node.list("sleep", g.time())),
            act("", 12, g -> Node.list("await", g.task())),
            block("", 1, g -> Node.list("repeat", 2, g.statements())),
            block("", 4, g -> Node.list("shield", g.statements())),
            block("", 4, g -> Node.list("gather", g.parts())),
            block("", 8, g -> Node.list("timeout", g.time(), g.statements())),
            block("", 8, g -> Node.list("group", g.groupStatements())),
            block("", 12, ProgramGenerator::attempt),
            act("variables", 2, g -> Node.list("set-var", g.pick("v0", "v1"), g.random.nextInt(10))),
            act("variables", 3, g -> Node.list("get-var", g.pick("v0", "v1"))),
            act("variables", 1, g -> Node.list("reset-var")),
            block("locks", 9, g -> Node.list("with", g.lock(), g.statements())),
            act("locks", 2, g -> Node.list("acquire", g.lock())),
            act("locks", 4, g -> Node.list("release", g.lock())),
            act("locks", 1, g -> Node.list("locked", g.lock())),
            act("events", 3, g -> Node.list("wait-event", g.event())),
            act("events", 3, g -> Node.list("set", g.event())),
            act("events", 1, g -> Node.list("clear", g.event())),
            block("conditions", 5, g -> Node.list("with", "c0", g.conditionStatements())),
            act("conditions", 1, g -> Node.list("wait-condition", "c0")),
            act("conditions", 1, g -> Node.list("notify", "c0", 1 + g.random.nextInt(2))),
            act("combining", 5, g -> Node.list("shield-task", g.task())),
            block("combining", 3, g -> Node.list("gather-results", g.parts())),
            act("combining", 4, g -> Node.list("gather-tasks", g.task(), g.task())),
            act("combining", 3, g -> Node.list("gather-tasks-results", g.task(), g.task())),
            act("combining", 6, g -> Node.list("wait", g.pick("first", "exception", "all"), g.task(), g.task())),
            act("combining", 3, g -> Node.list("wait", g.pick("first", "all"), g.time(), g.task(), g.task())),
            act("combining", 5, g -> Node.list("wait-for", g.time(), g.task())),
            block("combining", 3, g -> Node.list("wait-for-new", g.time(), g.statements())),
            act("combining", 2, g -> Node.list("as-completed", g.task(), g.task(), g.task())),
            block("combining", 2, g -> Node.list("as-completed", g.time(), g.task(), g.task(), g.statements())),
            block("limits", 20, g -> Node.list("timeout", g.time(), g.statements())),
            act("limits", 8, g -> Node.list("reschedule", g.random.nextInt(4) == 0 ? "never" : g.time())),
            act("limits", 1, g -> Node.list("expired")),
            block("generators", 25, ProgramGenerator::generate),
            block("eager", 25, g -> Node.list("eager", g.slot(), g.statements())),
            block("callbacks", 6, g -> Node.list("call-soon", g.call(), g.acts())),
            block("callbacks", 8, g -> Node.list("call-later", g.call(), g.time(), g.acts())),
            act("callbacks", 3, g -> Node.list("cancel-call", g.call())),
            act("barriers", 12, g -> Node.list("wait-barrier", g.pick("d2", "d2", "d3"))),
            act("barriers", 2, g -> Node.list("abort", "d2")),
            act("barriers", 3, g -> Node.list("reset", g.pick("d2", "d3"))),
            act("queues", 8, g -> Node.list("put", g.queue(), g.random.nextInt(10))),
            act("queues", 8, g -> Node.list("get", g.queue())),
            act("queues", 2, g -> Node.list("put-nowait", g.queue(), g.random.nextInt(10))),
            act("queues", 2, g -> Node.list("get-nowait", g.queue())),
            act("queues", 3, g -> Node.list("task-done", g.queue())),
            act("queues", 2, g -> Node.list("join", g.queue())),
            act("queues", 1, g -> Node.list(g.pick("shutdown", "shutdown-now"), g.queue())),
            act("queues", 1, g -> Node.list("size", g.queue())));

    private static final List<String> THEMES = KINDS.stream()
            .map(Kind::theme)
            .filter(theme -> !theme.isEmpty())
            .distinct()
            .toList();

    private final SplittableRandom random;
    private final List<Kind> kinds = new ArrayList<>();
    private final int allWeights;
    private int depth;
    private int budget = 45;

    private ProgramGenerator(long seed) {
        random = new SplittableRandom(seed);
        // A program of everything is one in which nothing meets.
        List<String> themes = new ArrayList<>(List.of(""));
        for (int count = random.nextInt(3); count > 0; count--) {
            themes.add(THEMES.get(random.nextInt(THEMES.size())));
        }
        for (var kind : KINDS) {
            if (themes.contains(kind.theme)) {
                kinds.add(kind);
            }
        }
        allWeights = kinds.stream().mapToInt(Kind::weight).sum();
    }

    static Node program(long seed) {
        var generator = new ProgramGenerator(seed);
        List<Node> statements = new ArrayList<>();
        for (int tasks = 1 + generator.random.nextInt(3); tasks > 0; tasks--) {
            statements.add(Node.list("spawn", generator.slot(), generator.statements()));
        }
        for (int count = 2 + generator.random.nextInt(5); count > 0; count--) {
            statements.add(generator.statement());
        }
        if (generator.random.nextInt(3) > 0) {
            statements.add(Node.list("sleep", 40)); // who is left would be cancelled
        }
        // A program as it is read: with its numbers.
        return Node.parse(Node.list("program", statements).toString());
    }

    private static Kind act(String theme, int weight, Function<ProgramGenerator, Node> maker) {
        return new Kind(theme, weight, false, maker);
    }

    private static Kind block(String theme, int weight, Function<ProgramGenerator, Node> maker) {
        return new Kind(theme, weight, true, maker);
    }

    private Node statement() {
        budget--;
        while (true) {
            int left = random.nextInt(allWeights);
            for (var kind : kinds) {
                left -= kind.weight;
                if (left < 0) {
                    if (kind.isBlock && (depth >= 4 || budget <= 0)) {
                        break;
                    }
                    return kind.maker.apply(this);
                }
            }
        }
    }

    private List<Node> statements() {
        depth++;
        List<Node> statements = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            statements.add(statement());
        }
        depth--;
        return statements;
    }

    private List<Node> groupStatements() {
        List<Node> statements = new ArrayList<>();
        depth++;
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            statements.add(Node.list("fork", slot(), statements()));
        }
        depth--;
        if (random.nextInt(2) == 0) {
            statements.addAll(statements());
        }
        return statements;
    }

    /** Statements that do not wait. */
    private List<Node> acts() {
        depth++;
        List<Node> acts = new ArrayList<>();
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            var statement = statement();
            if (Language.ACTS.contains(statement.head()) && !Language.NOT_IN_CALLBACKS.contains(statement.head())) {
                acts.add(statement);
            }
        }
        depth--;
        return acts;
    }

    private List<Node> parts() {
        List<Node> parts = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            parts.add(Node.list("do", statements()));
        }
        return parts;
    }

    private Node generate() {
        List<Node> body = new ArrayList<>(List.of(Node.list("yield")));
        for (var statement : statements()) {
            body.add(random.nextInt(body.size() + 1), statement);
            body.add(random.nextInt(body.size() + 1), Node.list("yield"));
        }
        List<Object> parts = new ArrayList<>(List.of(Node.list("body", body), Node.list("each", statements())));
        if (random.nextInt(2) == 0) {
            parts.add(Node.list("finally", statements()));
        }
        return Node.list("generate", parts.toArray());
    }

    private Node attempt() {
        List<Object> parts = new ArrayList<>(statements());
        int form = random.nextInt(4);
        if (form != 0) {
            List<Node> handler = statements();
            if (random.nextInt(3) == 0) {
                handler.add(Node.list("rethrow"));
            }
            parts.add(Node.list("catch", pick("cancelled", "cancelled", "error", "timeout", "all"), handler));
        }
        if (form < 2) {
            parts.add(Node.list("finally", statements()));
        }
        return Node.list("try", parts.toArray());
    }

    /** What is done with a condition whose lock one has. */
    private List<Node> conditionStatements() {
        List<Node> statements = new ArrayList<>(statements());
        statements.add(
                random.nextInt(statements.size() + 1),
                switch (random.nextInt(5)) {
                    case 0 -> Node.list("wait-condition", "c0");
                    case 1 -> Node.list("wait-until", "c0", 1 + random.nextInt(2));
                    case 2 -> Node.list("notify", "c0", random.nextInt(3));
                    default -> Node.list("do", Node.list("bump", "c0"), Node.list("notify", "c0"));
                });
        return statements;
    }

    private Node cancelWithReason() {
        return Node.list("cancel", task(), reason());
    }

    // ---- words

    private String pick(String... words) {
        return words[random.nextInt(words.length)];
    }

    private String slot() {
        return "t" + random.nextInt(5);
    }

    private String promise() {
        return "p" + random.nextInt(2);
    }

    private String task() {
        return switch (random.nextInt(10)) {
            case 0 -> "self";
            case 1, 2 -> promise();
            default -> slot();
        };
    }

    private String lock() {
        return pick("l0", "l0", "l1", "s0", "s1", "s2", "b1", "b2", "c0");
    }

    private String call() {
        return pick("k0", "k1");
    }

    private String event() {
        return pick("e0", "e0", "e1");
    }

    private String queue() {
        return pick("q1", "q1", "q2", "q0", "f1", "h2");
    }

    private String reason() {
        return "m" + random.nextInt(3);
    }

    private int time() {
        return TIMES[random.nextInt(TIMES.length)];
    }
}
