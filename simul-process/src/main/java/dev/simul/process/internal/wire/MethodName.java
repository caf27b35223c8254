package dev.simul.process.internal.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method reference as data: where the method is and how it is called.
 *
 * <p>It is what {@link SerializedLambda} holds. The child calls the method by reflection instead of letting Java
 * serialisation rebuild the lambda: that would link an {@code invokedynamic} and spin a class first, which costs a
 * fresh JVM 7 ms before its first answer, and every later call 40 µs.
 *
 * @param owner class that declares or inherits it, as in the class file: {@code com/acme/Primes}
 * @param name as in the class file, {@code <init>} for a constructor
 * @param descriptor types of parameters and result, as in the class file
 * @param kind one of {@link MethodHandleInfo}'s {@code REF_} numbers
 */
public record MethodName(String owner, String name, String descriptor, int kind) {
    static MethodName of(SerializedLambda lambda) {
        return new MethodName(
                lambda.getImplClass(),
                lambda.getImplMethodName(),
                lambda.getImplMethodSignature(),
                lambda.getImplMethodKind());
    }

    static MethodName of(Method method) {
        String descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
        return new MethodName(
                method.getDeclaringClass().getName().replace('.', '/'),
                method.getName(),
                descriptor,
                MethodHandleInfo.REF_invokeInterface);
    }

    void writeTo(DataOutputStream out) throws IOException {
        out.writeUTF(owner);
        out.writeUTF(name);
        out.writeUTF(descriptor);
        out.writeByte(kind);
    }

    static MethodName readFrom(DataInputStream in) throws IOException {
        return new MethodName(in.readUTF(), in.readUTF(), in.readUTF(), in.readByte());
    }

    /** Finds the method in this JVM, opened for calling. */
    public Executable find(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = Class.forName(owner.replace('/', '.'), true, loader);
        Class<?>[] parameters =
                MethodType.fromMethodDescriptorString(descriptor, loader).parameterArray();
        Executable found = kind == MethodHandleInfo.REF_newInvokeSpecial
                ? type.getDeclaredConstructor(parameters)
                : method(type, parameters);
        if (!Modifier.isPublic(found.getModifiers()) || !Modifier.isPublic(type.getModifiers())) {
            found.setAccessible(true);
        }
        return found;
    }

    // Declared ones first, for they may be private; getMethod then knows the rules of inheritance.
    private Method method(Class<?> type, Class<?>[] parameters) throws NoSuchMethodException {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            try {
                return at.getDeclaredMethod(name, parameters);
            } catch (NoSuchMethodException inherited) {
                // One class up.
            }
        }
        return type.getMethod(name, parameters);
    }

    /** Calls what {@link #find} found; an instance method takes its receiver from the front of the values. */
    public static @Nullable Object call(Executable executable, List<@Nullable Object> values) throws Throwable {
        try {
            if (executable instanceof Constructor<?> constructor) {
                return constructor.newInstance(values.toArray());
            }
            Method method = (Method) executable;
            return Modifier.isStatic(method.getModifiers())
                    ? method.invoke(null, values.toArray())
                    : method.invoke(
                            values.getFirst(), values.subList(1, values.size()).toArray());
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /** As in source: {@code Primes::count}. */
    @Override
    public String toString() {
        String simple = owner.substring(Math.max(owner.lastIndexOf('/'), owner.lastIndexOf('$')) + 1);
        return name.startsWith("lambda$") ? "a lambda of " + simple : simple + "::" + name.replace("<init>", "new");
    }
}
