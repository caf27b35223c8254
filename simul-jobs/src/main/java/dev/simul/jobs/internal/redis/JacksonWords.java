package dev.simul.jobs.internal.redis;

import java.lang.reflect.Modifier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidDefinitionException;

/** What Jackson says is wrong with a value, with a way out that a user of ours can take. */
final class JacksonWords {
    /** Settings of a mapper that is not the user's. */
    private static final Pattern ADVICE = Pattern.compile(" \\((?:to avoid exception, disable|set `)[^)]*\\)");

    private JacksonWords() {}

    static String of(JacksonException e) {
        if (root(e) instanceof IllegalAccessException && e instanceof DatabindException where) {
            return closed(where);
        }
        if (e instanceof InvalidDefinitionException definition && isAbstract(definition.getType())) {
            return definition.getType().getRawClass().getTypeName()
                    + " is abstract, and nothing says which of its classes this is; take one of them, or annotate it"
                    + " with Jackson's @JsonTypeInfo";
        }
        return ADVICE.matcher(e.getOriginalMessage()).replaceAll("");
    }

    private static boolean isAbstract(@Nullable JavaType type) {
        return type != null && Modifier.isAbstract(type.getRawClass().getModifiers());
    }

    /** A class in a module whose package is not open to Jackson. */
    private static String closed(DatabindException e) {
        var path = e.getPath();
        for (int i = path.size() - 1; i >= 0; i--) {
            var from = path.get(i).from();
            var type = from instanceof Class<?> c ? c : from == null ? Object.class : from.getClass();
            if (type.getModule().isNamed() && !type.isArray() && type != Object.class) {
                return type.getTypeName() + " is not accessible: let module "
                        + type.getModule().getName() + " open " + type.getPackageName()
                        + " to tools.jackson.databind";
            }
        }
        return e.getOriginalMessage();
    }

    private static Throwable root(Throwable e) {
        var root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
