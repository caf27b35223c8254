package dev.simul.differential;

import dev.simul.Async;
import dev.simul.CancelledError;
import dev.simul.Deadline;
import dev.simul.EventLoop;
import dev.simul.Generator;
import dev.simul.Handle;
import dev.simul.Outcome;
import dev.simul.Promise;
import dev.simul.Schedule;
import dev.simul.Task;
import dev.simul.TaskFailedException;
import dev.simul.TaskGroup;
import dev.simul.Timeout;
import dev.simul.Until;
import dev.simul.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

// The twin of interpreter.py, statement by statement: who changes one changes the other. Statements that do not wait
// are in act(), which tasks and callbacks call; the others are in wait().

/** Runs one program of the differential test on Simul and writes its trace. */
final class Interpreter {

    /** That a body ends here. */
    private record Returned(String value) {}

    private final Node program;
    private final VirtualClock clock = new VirtualClock();
    private final List<String> trace = new ArrayList<>();
    private final Words words = new Words();
    private final Map<String, Integer> births = new HashMap<>();
    private final Map<String, Task<?>> tasks = new HashMap<>();
    private final Map<String, Handle> calls = new HashMap<>();
    private final Things things = new Things();
    private final Set<String> unfinished = new HashSet<>();
    private @Nullable Set<String> left;
    private boolean tracing = true;
    private int failures;

    private Interpreter(Node program) {
        this.program = program;
    }

    static List<String> run(Node program) {
        return new Interpreter(program).runOn(EventLoop::open);
    }

    /** The trace if somebody chooses who is next. */
    static List<String> run(Node program, Schedule schedule) {
        return new Interpreter(program).runOn(clock -> EventLoop.open(clock, schedule));
    }

    private List<String> runOn(Function<VirtualClock, EventLoop> opening) {
        try (var loop = opening.apply(clock)) {
            try {
                loop.run(() -> body("main", program, null));
            } catch (IllegalStateException e) {
                if (String.valueOf(e.getMessage()).startsWith("deadlock")) {
                    say("loop", "deadlock");
                }
            } catch (Exception | CancelledError _) {
                // the trace has it
            }
            left = new HashSet<>(unfinished);
            tracing = !left.isEmpty();
        }
        return trace;
    }

    private void say(Object... what) {
        if (tracing) {
            var line = new StringBuilder().append(clock.elapsed().toMillis());
            for (var word : what) {
                line.append(' ').append(word);
            }
            trace.add(line.toString());
        }
    }

    // ---- bodies and blocks

    private String birth(String name) {
        return name + "." + births.merge(name, 1, Integer::sum);
    }

    /** What a task does, from its first step to its end. */
    private String body(String name, Node node, @Nullable TaskGroup<Object> group) throws Exception {
        var me = new Me(birth(name), group);
        unfinished.add(me.name);
        try {
            var value = block(node.lists(), me) instanceof Returned returned ? returned.value : "none";
            say(me.name, "ends", "=" + value);
            return value;
        } catch (Throwable e) {
            words.look(e);
            say(me.name, "ends", "!" + Words.of(e));
            throw e;
        } finally {
            unfinished.remove(me.name);
            if (left != null && tracing) {
                left.remove(me.name);
                tracing = !left.isEmpty();
            }
        }
    }

    private @Nullable Returned block(List<Node> statements, Me me) throws Exception {
        for (var statement : statements) {
            if (statement(statement, me) instanceof Returned returned) {
                return returned;
            }
        }
        return null;
    }

    private @Nullable Object statement(Node node, Me me) throws Exception {
        if (Language.ACTS.contains(node.head())) {
            return tell(node, me, () -> act(node, me));
        }
        if (!Language.WAITS.contains(node.head())) {
            return null;
        }
        say(me.name, node.number(), node.head(), "...");
        return tell(node, me, () -> wait(node, me));
    }

    private @Nullable Object tell(Node node, Me me, Callable<@Nullable Object> statement) throws Exception {
        Object value;
        try {
            value = statement.call();
        } catch (Throwable e) {
            say(
                    me.name,
                    node.number(),
                    node.head(),
                    "!" + (node.head().equals("group") ? words.ofGroup(e) : Words.of(e)));
            words.look(e);
            throw e;
        }
        if (!(value instanceof Returned)) {
            say(me.name, node.number(), node.head(), "=" + (value == null ? "none" : value));
        } else if (!node.head().equals("return")) {
            say(me.name, node.number(), node.head(), "leaves");
        }
        return value;
    }

    /** What the loop calls; its statements must not wait. */
    private void callback(String name, Node node, String suffix) {
        var me = new Me(name, null);
        say(name, "called" + suffix);
        for (var statement : node.lists()) {
            if (Language.ACTS.contains(statement.head()) && !Language.NOT_IN_CALLBACKS.contains(statement.head())) {
                try {
                    tell(statement, me, () -> act(statement, me));
                } catch (Exception _) {
                    // the trace has it
                }
            }
        }
    }

    private @Nullable Task<?> task(String name) {
        if (name.equals("self")) {
            return Async.currentTask();
        }
        return name.startsWith("p") ? tasks.computeIfAbsent(name, Promise::new) : tasks.get(name);
    }

    // ---- statements that do not wait

    private @Nullable Object act(Node node, Me me) throws Exception {
        var name = node.wordAt(1, "");
        return switch (node.head()) {
            case "note" -> "noted";
            case "return" -> new Returned(node.wordAt(1, "0"));
            case "raise" -> throw boom(node.wordAt(1, "E"));
            case "raise-cancelled" -> throw new CancelledError(name);
            case "rethrow" -> rethrow(me);
            case "spawn", "eager" -> {
                var slot = node.wordAt(1, "t");
                var group = me.group;
                tasks.put(
                        slot,
                        node.head().equals("spawn")
                                ? Async.spawn(() -> body(slot, node, group))
                                : Async.spawnEagerly(() -> body(slot, node, group)));
                yield "spawned";
            }
            case "fork" -> fork(node, me);
            case "cancel" -> {
                var task = task(name);
                yield task == null ? "none" : task.cancel(node.wordAt(2, ""));
            }
            case "uncancel" -> {
                var task = task(name);
                yield task == null || task instanceof Promise ? "none" : task.uncancel();
            }
            case "requests" -> {
                var task = task(name);
                yield task == null || task instanceof Promise ? "none" : task.cancelRequests();
            }
            case "look" -> {
                var task = task(name);
                yield task == null ? "none" : Words.of(task);
            }
            case "on-done" -> onDone(node, name);
            case "call-soon", "call-later" -> call(node, name);
            case "cancel-call" -> {
                if (calls.get(name) instanceof Handle handle) {
                    handle.cancel();
                }
                yield null;
            }
            case "complete" -> promise(name) == null ? "none" : promise(name).complete(node.wordAt(2, "0"));
            case "fail" -> {
                var promise = promise(name);
                yield promise == null ? "none" : !promise.isDone() && promise.fail(boom(node.wordAt(2, "E")));
            }
            case "reschedule" -> reschedule(node, me);
            case "expired" -> {
                var limit = me.limits.peekLast();
                yield limit == null ? "none" : limit.expired();
            }
            case "set-var", "get-var", "reset-var" -> variable(node, me);
            default -> things.act(node);
        };
    }

    private static @Nullable Object variable(Node node, Me me) {
        if (node.head().equals("reset-var")) {
            var token = me.tokens.pollLast();
            if (token == null) {
                return "none";
            }
            token.close();
            return token.local().get();
        }
        var variable = Things.VARIABLES.get(node.wordAt(1, ""));
        if (variable == null) {
            return "none";
        }
        if (node.head().equals("get-var")) {
            return variable.get();
        }
        me.tokens.addLast(variable.set(node.wordAt(2, "0")));
        return "set";
    }

    private static String reschedule(Node node, Me me) {
        var limit = me.limits.peekLast();
        if (limit == null) {
            return "none";
        }
        if (node.wordAt(1, "").equals("never")) {
            limit.reschedule(Deadline.NEVER);
        } else {
            limit.reschedule(Duration.ofMillis(node.numberAt(1, 0)));
        }
        return "moved";
    }

    private @Nullable Object timeout(Node node, Me me) throws Exception {
        var limit = Timeout.after(Duration.ofMillis(node.numberAt(1, 0)));
        return limit.run(() -> {
            me.limits.addLast(limit);
            try {
                return block(node.lists(), me);
            } finally {
                me.limits.removeLast();
            }
        });
    }

    private Boom boom(String name) {
        return new Boom(name + ":" + ++failures);
    }

    private static Object rethrow(Me me) throws Exception {
        return switch (me.caught) {
            case null -> "none";
            case Exception e -> throw e;
            case Error e -> throw e;
            default -> throw new AssertionError(me.caught);
        };
    }

    private Object fork(Node node, Me me) {
        var group = me.group;
        if (group == null) {
            return "none";
        }
        var slot = node.wordAt(1, "t");
        tasks.put(slot, group.fork(() -> body(slot, node, group)));
        return "forked";
    }

    private Object onDone(Node node, String name) {
        var task = task(name);
        if (task == null) {
            return "none";
        }
        var callback = birth("callback");
        task.onDone(done -> callback(callback, node, " " + Words.of(done)));
        return callback;
    }

    private Object call(Node node, String name) {
        var loop = Objects.requireNonNull(EventLoop.current());
        var callback = birth("callback");
        Runnable body = () -> callback(callback, node, "");
        calls.put(
                name,
                node.head().equals("call-soon")
                        ? loop.callSoon(body)
                        : loop.callLater(Duration.ofMillis(node.numberAt(2, 0)), body));
        return callback;
    }

    @SuppressWarnings("unchecked")
    private @Nullable Promise<Object> promise(String name) {
        return name.startsWith("p") ? (Promise<Object>) task(name) : null;
    }

    // ---- statements that wait

    private @Nullable Object wait(Node node, Me me) throws Exception {
        var name = node.wordAt(1, "");
        return switch (node.head()) {
            case "do" -> block(node.lists(), me);
            case "repeat" -> repeat(node, me);
            case "sleep" -> {
                Async.sleep(Duration.ofMillis(node.numberAt(1, 0)));
                yield null;
            }
            case "await" -> {
                var task = task(name);
                yield task == null ? "none" : task.await();
            }
            case "shield" -> Async.shield(() -> body("shielded", node, null));
            case "gather" -> row(Async.gather(parts(node)));
            case "shield-task" -> {
                var task = task(name);
                yield task == null ? "none" : Async.shield(task).await();
            }
            case "gather-results" -> row(Async.gatherOutcomes(parts(node)));
            case "gather-tasks" -> {
                var tasks = tasks(node);
                yield tasks.isEmpty() ? "none" : row(Async.gather(tasks).await());
            }
            case "gather-tasks-results" -> {
                var tasks = tasks(node);
                yield tasks.isEmpty() ? "none" : row(Async.gatherOutcomes(tasks).await());
            }
            case "wait" -> waitUntil(node);
            case "wait-for" -> {
                var task = task(node.wordAt(2, ""));
                yield task == null ? "none" : Async.waitFor(Duration.ofMillis(node.numberAt(1, 0)), task);
            }
            case "wait-for-new" -> Async.waitFor(Duration.ofMillis(node.numberAt(1, 0)), () -> block(node.lists(), me));
            case "as-completed" -> asCompleted(node, me);
            case "generate" -> generate(node, me);
            case "timeout" -> timeout(node, me);
            case "group" -> group(node, me);
            case "try" -> attempt(node, me);
            case "with" -> things.with(node, () -> block(node.lists(), me));
            default -> things.wait(node);
        };
    }

    private @Nullable Object repeat(Node node, Me me) throws Exception {
        for (int left = Math.min(node.numberAt(1, 2), 3); left > 0; left--) {
            if (block(node.lists(), me) instanceof Returned returned) {
                return returned;
            }
        }
        return null;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Callable<Object>[] parts(Node node) {
        return node.lists().stream()
                .map(part -> (Callable<Object>) () -> body("part", part, null))
                .toArray(Callable[]::new);
    }

    private static String row(List<?> results) {
        return results.stream()
                .map(result -> result instanceof Outcome<?> outcome ? Words.inRow(outcome) : Objects.toString(result))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** A generator that may wait, closed at the end; it yields in its outermost statements. */
    private @Nullable Object generate(Node node, Me me) throws Exception {
        var values = Generator.<Integer>of(out -> {
            try {
                for (var statement : partsOf(node, "body")) {
                    if (statement.head().equals("yield")) {
                        say(me.name, statement.number(), "yields");
                        out.yield(statement.number());
                    } else if (statement(statement, me) instanceof Returned) {
                        return;
                    }
                }
            } finally {
                block(partsOf(node, "finally"), me);
            }
        });
        try {
            try {
                for (var value : values) {
                    say(me.name, node.number(), "gets", value);
                    if (block(partsOf(node, "each"), me) instanceof Returned returned) {
                        return returned;
                    }
                }
            } finally { // and not try-with-resources: what close throws then counts, as in Python
                values.close();
            }
        } catch (TaskFailedException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
        return null;
    }

    private static List<Node> partsOf(Node node, String name) {
        return node.lists().stream()
                .filter(part -> part.head().equals(name))
                .reduce((_, last) -> last)
                .map(Node::lists)
                .orElse(List.of());
    }

    private List<Task<?>> tasks(Node node) {
        List<Task<?>> found = new ArrayList<>();
        for (var name : node.words()) {
            if (!name.equals("self") && task(name) instanceof Task<?> task) {
                found.add(task);
            }
        }
        return found;
    }

    private String waitUntil(Node node) {
        var names = node.words().stream()
                .filter(name -> !name.equals("self") && task(name) != null)
                .toList();
        if (names.isEmpty()) {
            return "none";
        }
        var until = switch (node.wordAt(1, "")) {
            case "first" -> Until.FIRST_COMPLETED;
            case "exception" -> Until.FIRST_EXCEPTION;
            default -> Until.ALL_COMPLETED;
        };
        // Names may stand for other tasks when it returns.
        List<Task<?>> handles = names.stream()
                .<Task<?>>map(name -> Objects.requireNonNull(task(name)))
                .toList();
        Set<Task<?>> done = node.wordAt(2, "").matches("\\d+")
                ? Async.awaitUntil(until, handles, Duration.ofMillis(node.numberAt(2, 0)))
                        .done()
                : Async.awaitUntil(until, handles).done();
        return names.stream()
                .filter(name -> done.contains(handles.get(names.indexOf(name))))
                .collect(Collectors.joining(","));
    }

    private @Nullable Object asCompleted(Node node, Me me) throws Exception {
        var tasks = tasks(node);
        var completed = node.wordAt(1, "").matches("\\d+")
                ? Async.asCompleted(tasks, Duration.ofMillis(node.numberAt(1, 0)))
                : Async.asCompleted(tasks);
        while (completed.hasNext()) {
            var done = completed.take();
            say(me.name, node.number(), node.head(), "gives", Words.of(done));
            if (block(node.lists(), me) instanceof Returned returned) {
                return returned;
            }
        }
        return null;
    }

    private @Nullable Object group(Node node, Me me) throws Exception {
        var around = me.group;
        return TaskGroup.<Object, @Nullable Object>within(group -> {
            me.group = group;
            try {
                return block(node.lists(), me);
            } finally {
                me.group = around;
            }
        });
    }

    private @Nullable Object attempt(Node node, Me me) throws Exception {
        var parts = node.lists();
        try {
            return block(
                    parts.stream()
                            .filter(part ->
                                    !part.head().equals("catch") && !part.head().equals("finally"))
                            .toList(),
                    me);
        } catch (Throwable e) {
            words.look(e);
            for (var part : parts) {
                if (part.head().equals("catch") && Words.isOfKind(e, part.wordAt(1, ""))) {
                    var before = me.caught;
                    me.caught = e;
                    try {
                        return block(part.lists(), me);
                    } finally {
                        me.caught = before;
                    }
                }
            }
            throw e;
        } finally {
            for (var part : parts) {
                if (part.head().equals("finally")) {
                    block(part.lists(), me);
                }
            }
        }
    }
}
