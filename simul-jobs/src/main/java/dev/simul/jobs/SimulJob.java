package dev.simul.jobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a static method the name under which jobs ask for it.
 *
 * <p>The name is what stands in Redis, the same for Python and Java: {@code "pages.count_words_at_url"}. A worker runs
 * only methods that carry this annotation and whose class it was given; a name from Redis never leads anywhere else.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SimulJob {
    /** The job function's name: letters, digits, underscores and dots, as in a dotted Python path. */
    String value();

    /**
     * Where this function runs, whatever the worker's own setting says: {@code isolation = Isolation.PROCESS}. At most one;
     * the worker's setting if none.
     */
    Isolation[] isolation() default {};
}
