package dev.simul.test;

import dev.simul.Action;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** Runs a test method under many schedules: what is behind {@link Interleavings}. */
public final class InterleavingsExtension implements InvocationInterceptor {

    /** For JUnit. */
    public InterleavingsExtension() {}

    @Override
    public void interceptTestMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        test.skip();
        explore(method, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<@Nullable Void> test, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        test.skip();
        explore(method, context);
    }

    /** Each run has its own. */
    @Override
    public void interceptBeforeEachMethod(
            Invocation<@Nullable Void> before, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        before.skip();
    }

    /** Each run has its own. */
    @Override
    public void interceptAfterEachMethod(
            Invocation<@Nullable Void> after, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        after.skip();
    }

    private static void explore(ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        var explorer = Explorer.of(body(method, context));
        var options = AnnotationSupport.findAnnotation(method.getExecutable(), Interleavings.class);
        if (options.isPresent()) {
            var given = options.get();
            explorer = explorer.seeds(given.seeds())
                    .seed(given.seed())
                    .schedule(given.schedule())
                    .strategy(given.strategy())
                    .timersEarly(given.timersEarly())
                    .maxSteps(given.maxSteps());
        }
        var seen = explorer.explore();
        context.publishReportEntry("interleavings", seen.toString());
        seen.orThrow();
    }

    private static Action body(ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        var test = method.getExecutable();
        test.setAccessible(true);
        var arguments = method.getArguments().toArray();
        return () -> {
            var instances = instances(context);
            for (var instance : instances) {
                callAll(BeforeEach.class, HierarchyTraversalMode.TOP_DOWN, instance, context);
            }
            try {
                test.invoke(instances.getLast(), arguments);
            } catch (InvocationTargetException e) {
                throw asThrown(e);
            } finally {
                for (var instance : instances.reversed()) {
                    callAll(AfterEach.class, HierarchyTraversalMode.BOTTOM_UP, instance, context);
                }
            }
        };
    }

    /** The instance of the test class, behind those of the classes around it. */
    private static List<Object> instances(ExtensionContext context) {
        var given = context.getRequiredTestInstances().getAllInstances();
        if (context.getTestInstanceLifecycle()
                .filter(Lifecycle.PER_CLASS::equals)
                .isPresent()) {
            return given;
        }
        List<Object> fresh = new ArrayList<>();
        for (var each : given) {
            var constructor = each.getClass().getDeclaredConstructors()[0];
            var invoker = context.getExecutableInvoker();
            fresh.add(Objects.requireNonNull(
                    fresh.isEmpty() ? invoker.invoke(constructor) : invoker.invoke(constructor, fresh.getLast())));
        }
        return fresh;
    }

    private static void callAll(
            Class<? extends Annotation> kind, HierarchyTraversalMode order, Object instance, ExtensionContext context) {
        for (var method : AnnotationSupport.findAnnotatedMethods(instance.getClass(), kind, order)) {
            context.getExecutableInvoker().invoke(method, instance);
        }
    }

    private static Exception asThrown(InvocationTargetException thrown) {
        if (thrown.getCause() instanceof Error error) {
            throw error;
        }
        return thrown.getCause() instanceof Exception exception ? exception : thrown;
    }
}
