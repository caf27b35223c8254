package dev.simul.jobs;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * What a method reference refers to: the only place that looks into a {@link SerializedLambda}.
 *
 * <p>The lambda is pushed through an object stream that throws everything away. Calling its {@code writeReplace}
 * ourselves would need the caller's module to be open to us.
 *
 * @param name the name in the method's {@link SimulJob}
 * @param method what is referred to
 * @param declared what the {@link SimulJob} says of its jobs
 */
record FunctionReference(String name, Method method, DeclaredOptions declared) {

    private static final ClassValue<FunctionReference[]> SEEN = new ClassValue<>() {
        @Override
        protected FunctionReference[] computeValue(Class<?> type) {
            return new FunctionReference[1]; // filled in at first use, which has the object at hand
        }
    };

    /** What the method returns. */
    Type resultType() {
        return method.getGenericReturnType();
    }

    static FunctionReference of(Serializable reference) {
        var slot = SEEN.get(reference.getClass());
        var seen = slot[0];
        if (seen == null) {
            slot[0] = seen = read(reference); // a race reads the same twice
        }
        return seen;
    }

    private static FunctionReference read(Serializable reference) {
        var lambda = serialized(reference);
        if (lambda == null || lambda.getCapturedArgCount() > 0) {
            throw notAJob("what captures something, such as object::method or a lambda expression with variables,");
        }
        var where = lambda.getImplClass().replace('/', '.') + "." + lambda.getImplMethodName();
        var method = method(lambda, reference.getClass().getClassLoader());
        if (method == null) {
            throw notAJob(where);
        }
        if (method.isSynthetic()) {
            throw notAJob("a lambda expression, which has no name,"); // javac also makes one of a variable number of
            // arguments
        }
        if (!Modifier.isStatic(method.getModifiers())) {
            throw notAJob(where + ", which is not static,");
        }
        var job = method.getAnnotation(SimulJob.class);
        if (job == null) {
            throw notAJob(where + ", which is not annotated with @SimulJob,");
        }
        return new FunctionReference(job.value(), method, DeclaredOptions.of(job, method));
    }

    private static @Nullable Method method(SerializedLambda lambda, @Nullable ClassLoader loader) {
        try {
            var type = Class.forName(lambda.getImplClass().replace('/', '.'), false, loader);
            var parameters = MethodType.fromMethodDescriptorString(lambda.getImplMethodSignature(), loader)
                    .parameterArray();
            return type.getDeclaredMethod(lambda.getImplMethodName(), parameters);
        } catch (ReflectiveOperationException e) {
            return null; // a constructor, or a class that has gone
        }
    }

    private static @Nullable SerializedLambda serialized(Serializable reference) {
        try (var sniffer = new Sniffer()) {
            sniffer.writeObject(reference);
            return sniffer.found;
        } catch (IOException e) {
            return null; // captures something that cannot be serialised, so it is no plain method reference
        }
    }

    private static IllegalArgumentException notAJob(String what) {
        return new IllegalArgumentException(what
                + " cannot be enqueued: give a reference to a static method annotated with @SimulJob, such as"
                + " Pages::countWordsAtUrl, or the function's name");
    }

    private static final class Sniffer extends ObjectOutputStream {
        private @Nullable SerializedLambda found;

        Sniffer() throws IOException {
            super(OutputStream.nullOutputStream());
            enableReplaceObject(true);
        }

        @Override
        protected @Nullable Object replaceObject(Object object) {
            if (object instanceof SerializedLambda lambda) {
                found = lambda;
                return null;
            }
            return object;
        }
    }
}
