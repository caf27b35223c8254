package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Isolation;
import dev.simul.jobs.SimulJob;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The functions a worker offers: the only way from a name in Redis to code. */
public final class JobFunctions {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*");
    private static final int SHOWN = 5;

    private final SortedMap<String, JobMethod> methods;

    private JobFunctions(SortedMap<String, JobMethod> methods) {
        this.methods = methods;
    }

    /**
     * Collects the {@link SimulJob} methods of some classes.
     *
     * @throws IllegalArgumentException if a class has none, or a method cannot be offered
     */
    public static JobFunctions of(Collection<Class<?>> types) {
        var methods = new TreeMap<String, JobMethod>();
        for (var type : types) {
            var found = methodsOf(type);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(
                        type.getName() + " has no static method annotated with @SimulJob, so it offers no job");
            }
            found.forEach((name, method) -> {
                var other = methods.putIfAbsent(name, method);
                if (other != null && !other.method().equals(method.method())) {
                    throw new IllegalArgumentException("two methods want to be the job " + name + ": " + other.method()
                            + " and " + method.method());
                }
            });
        }
        return new JobFunctions(methods);
    }

    private static Map<String, JobMethod> methodsOf(Class<?> type) {
        var found = new TreeMap<String, JobMethod>();
        for (var method : type.getDeclaredMethods()) {
            var job = method.getAnnotation(SimulJob.class);
            if (job == null) {
                continue;
            }
            if (!Modifier.isStatic(method.getModifiers())) {
                throw new IllegalArgumentException("@SimulJob works on static methods only, not on " + method);
            }
            if (!NAME.matcher(job.value()).matches()) {
                throw new IllegalArgumentException("a job's name is a dotted path such as pages.count_words, was '"
                        + job.value() + "' on " + method);
            }
            try {
                method.setAccessible(true);
            } catch (InaccessibleObjectException e) {
                throw new IllegalArgumentException(
                        method + " is not accessible: let " + type.getModule() + " open " + type.getPackageName()
                                + " to dev.simul.jobs",
                        e);
            }
            var other = found.put(job.value(), new JobMethod(job.value(), method, isolation(job, method)));
            if (other != null) {
                throw new IllegalArgumentException(
                        "two methods want to be the job " + job.value() + ": " + other.method() + " and " + method);
            }
        }
        return found;
    }

    private static @Nullable Isolation isolation(SimulJob job, Method method) {
        if (job.isolation().length > 1) {
            throw new IllegalArgumentException(
                    "a job has one isolation, was " + List.of(job.isolation()) + " on " + method);
        }
        return job.isolation().length == 0 ? null : job.isolation()[0];
    }

    JobMethod find(String jobId, String name) throws UnrunnableJobException {
        var method = methods.get(name);
        if (method == null) {
            throw new UnrunnableJobException(
                    "job " + jobId + " asks for " + name + ", which this worker does not offer (" + offered()
                            + "); annotate it with @SimulJob(\"" + name + "\") and give its class to the worker",
                    true);
        }
        return method;
    }

    private String offered() {
        if (methods.isEmpty()) {
            return "it offers nothing";
        }
        var names = new ArrayList<>(methods.keySet());
        return "it offers " + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                + (names.size() > SHOWN ? ", ..." : "");
    }
}
