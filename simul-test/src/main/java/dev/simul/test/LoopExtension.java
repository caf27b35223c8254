package dev.simul.test;

import java.lang.reflect.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Runs each test method, and the {@code @BeforeEach} and {@code @AfterEach} methods around it, as coroutines of one loop: what
 * is behind {@link AsyncTest}, and for {@code @ExtendWith} on the other kinds of test, parameterized and repeated ones.
 */
public final class LoopExtension implements InvocationInterceptor, BeforeEachCallback, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(LoopExtension.class);

    /** For JUnit. */
    public LoopExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        int seconds = context.getTestMethod()
                .flatMap(method -> AnnotationSupport.findAnnotation(method, AsyncTest.class))
                .map(AsyncTest::timeoutSeconds)
                .orElse(AsyncTest.TIMEOUT_SECONDS);
        store(context).put(TestRun.class, TestRun.open(Duration.ofSeconds(seconds)));
    }

    /** Behind the last {@code @AfterEach} method, which may end what a {@code @BeforeEach} method began. */
    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        boolean passed = context.getExecutionException().isEmpty();
        var run = run(context);
        try (run) {
            if (passed) {
                run.run(() -> {
                    run.requireNothingLeft();
                    return null;
                });
            }
        }
        if (passed) {
            run.requireNoUnseenErrors();
        }
    }

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runInLoop(test, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runInLoop(test, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> before, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runInLoop(before, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> after, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        runInLoop(after, context);
    }

    private static void runInLoop(Invocation<@Nullable Void> part, ExtensionContext context) throws Exception {
        run(context).run(() -> {
            try {
                return part.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        });
    }

    private static TestRun run(ExtensionContext context) {
        var run = store(context).get(TestRun.class, TestRun.class);
        if (run == null) {
            throw new IllegalStateException("the loop of a test is opened before its first method is called");
        }
        return run;
    }

    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
