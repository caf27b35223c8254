package dev.simul.test;

import dev.simul.EventLoop;
import dev.simul.Task;
import dev.simul.VirtualClock;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test method as the main coroutine of a loop of its own: what is behind {@link AsyncTest}, and for
 * {@code @ExtendWith} on the other kinds of test, parameterized and repeated ones.
 */
public final class LoopExtension implements InvocationInterceptor {

    /** For JUnit. */
    public LoopExtension() {}

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runInLoop(test);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runInLoop(test);
    }

    private static void runInLoop(Invocation<@Nullable Void> test) throws Exception {
        var clock = new VirtualClock();
        TestLoop.enter(clock);
        try (var loop = EventLoop.open(clock)) {
            loop.run(() -> runAlone(test, loop));
        } finally {
            TestLoop.leave();
        }
    }

    private static @Nullable Void runAlone(Invocation<@Nullable Void> test, EventLoop loop) throws Exception {
        var self = loop.tasks();
        try {
            test.proceed();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        var left = loop.tasks().stream().filter(task -> !self.contains(task)).toList();
        if (!left.isEmpty()) {
            throw new AssertionError(describe(left));
        }
        return null;
    }

    private static String describe(List<Task<?>> left) {
        return left.stream()
                .map(Task::name)
                .collect(Collectors.joining(
                        ", ",
                        "the test left " + left.size() + (left.size() == 1 ? " task" : " tasks") + " behind: ",
                        "; await or cancel what it spawns, or fork it in a TaskGroup"));
    }
}
