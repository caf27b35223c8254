package dev.simul.test;

import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobSettings;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives each test method queues of its own: what is behind {@link JobsTest}. */
public final class JobsExtension implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(JobsExtension.class);
    private static final AtomicLong TESTS = new AtomicLong();

    /** For JUnit. */
    public JobsExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == TestJobs.class || type == JobClient.class || type == JobQueue.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var jobs = jobs(context);
        var type = parameter.getParameter().getType();
        if (type == JobClient.class) {
            return jobs.client();
        }
        return type == JobQueue.class ? jobs.queue() : jobs;
    }

    /** One for all parameters of a test method; JUnit closes it behind the method. */
    private static TestJobs jobs(ExtensionContext context) {
        return context.getStore(NAMESPACE).computeIfAbsent(TestJobs.class, _ -> open(context), TestJobs.class);
    }

    private static TestJobs open(ExtensionContext context) {
        var test = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), JobsTest.class)
                .orElseThrow(() -> new IllegalStateException(context.getRequiredTestClass()
                                .getName() + " has no @JobsTest, which says what its worker offers"));
        var functions = List.of(test.functions());
        if (test.mode() == JobsTest.Mode.INLINE) {
            return TestJobs.inline(functions);
        }
        // The keys' prefix keeps the tests of a class apart, even if they run at the same time.
        var prefix = "test-" + TESTS.incrementAndGet();
        return TestJobs.on(JobSettings.of(server(context).url()).keyPrefix(prefix), functions);
    }

    /** One for the class; JUnit closes it behind the last test. */
    private static EmbeddedRedis server(ExtensionContext context) {
        var ofTheClass = context.getParent().orElse(context);
        return ofTheClass
                .getStore(NAMESPACE)
                .computeIfAbsent(EmbeddedRedis.class, _ -> EmbeddedRedis.start(), EmbeddedRedis.class);
    }
}
