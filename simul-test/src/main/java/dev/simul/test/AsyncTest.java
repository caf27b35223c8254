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
 * <p>The test fails if it leaves tasks behind that have not ended, and names them; they are cancelled. It also fails if
 * nothing can ever run again. {@code @BeforeEach} and {@code @AfterEach} methods run outside of the loop.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(LoopExtension.class)
public @interface AsyncTest {}
