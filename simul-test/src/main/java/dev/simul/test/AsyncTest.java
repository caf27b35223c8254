package dev.simul.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test whose method is a coroutine: it runs on an event loop of its own, on a clock that jumps.
 *
 * {@snippet :
 * @AsyncTest
 * void sleepsTwelveHours() {
 *     sleep(Duration.ofHours(12));
 *     assertThat(clock().elapsed()).isEqualTo(Duration.ofHours(12));
 * }
 * }
 *
 * <p>{@code @BeforeEach} and {@code @AfterEach} methods are coroutines of the same loop. The test fails, and says of what:
 *
 * <ul>
 *   <li>if it leaves tasks behind that have not ended (they are cancelled), timers, or generators that were begun and not closed;
 *   <li>if a task or a callback failed and nobody looked;
 *   <li>if nothing can ever run again;
 *   <li>if a part of it takes longer than {@link #timeoutSeconds} in real time: it is interrupted then, and what each task
 *       waited for is in the message.
 * </ul>
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(LoopExtension.class)
public @interface AsyncTest {

    /** The limit that holds if none is given. */
    int TIMEOUT_SECONDS = 60;

    /** How long the test, and each method around it, may take on the clock on the wall. */
    int timeoutSeconds() default TIMEOUT_SECONDS;
}
