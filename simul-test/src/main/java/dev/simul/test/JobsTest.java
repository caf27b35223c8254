package dev.simul.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests of code that enqueues jobs, or of the jobs themselves: their methods may take a {@link TestJobs}, a
 * {@link dev.simul.jobs.JobClient} or a {@link dev.simul.jobs.JobQueue}.
 *
 * {@snippet :
 * @JobsTest(functions = Pages.class)
 * class PagesTest {
 *     @Test
 *     void countsWords(TestJobs jobs) throws Exception {
 *         var job = jobs.queue().enqueue(Pages::countWords, "to be or not to be");
 *         jobs.runAll();
 *         assertEquals(6, job.await());
 *     }
 * }
 * }
 *
 * <p>Every test method begins with empty queues of its own.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(JobsExtension.class)
public @interface JobsTest {
    /** The classes whose {@link dev.simul.jobs.SimulJob} methods the tests' worker offers. */
    Class<?>[] functions() default {};

    /** Where the jobs are. */
    Mode mode() default Mode.BURST;

    /** Where jobs of a test are, and when they run. */
    enum Mode {
        /**
         * On a real Redis that is started for the test class; {@link TestJobs#runAll()} runs them. Needs
         * {@code com.github.codemonstur:embedded-redis}.
         */
        BURST,

        /**
         * Nowhere: each has run in the caller's thread before {@code enqueue} returns, or in {@link TestJobs#runDue} if it
         * waits for a time. Needs no Redis; {@link dev.simul.jobs.JobClient#inline} says what it refuses.
         */
        INLINE
    }
}
