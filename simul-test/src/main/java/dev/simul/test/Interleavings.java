package dev.simul.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A JUnit test whose method is a coroutine that is run again and again, each time in another order of what happens at the same
 * time: which coroutine goes on first, whether a time-out comes before or after, where {@linkplain
 * TestLoop#cancelSometime a cancellation} strikes.
 *
 * {@snippet :
 * @Interleavings(seeds = 500)
 * void nobodyGetsTheLastTicketTwice() throws Exception {
 *     var shop = new TicketShop(1);
 *     gather(shop::buy, shop::buy);
 *     assertThat(shop.sold()).isEqualTo(1);
 * }
 * }
 *
 * <p>A failure names its seed and prints the schedule, shortened to the switches that matter, step by step. {@code seed = …} or
 * {@code schedule = "…"} plays it again. The same seeds try the same schedules every time: such a test is not flaky.
 *
 * <p>Each run has its own instance of the test class, made by its constructor; {@code @BeforeEach} and {@code @AfterEach}
 * methods are coroutines of the same loop. What other extensions put into fields is missing in it. A run fails like an {@link
 * AsyncTest}: also by a deadlock, and by what it leaves behind.
 *
 * <p>On other kinds of test, parameterized and repeated ones, {@code @ExtendWith(InterleavingsExtension.class)} does the same
 * with the values given here by default.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(InterleavingsExtension.class)
public @interface Interleavings {

    /** How many schedules are tried, besides the loop's own order; fewer if there are no more. */
    int seeds() default Explorer.SEEDS;

    /** The only seed to be tried, as a failure has named it; 0 for all. */
    long seed() default 0;

    /** The only schedule to be tried, as a failure has printed it; empty for all. */
    String schedule() default "";

    /** How schedules are found. */
    Strategy strategy() default Strategy.MIX;

    /**
     * Whether sleeps and time-outs may end although a coroutine could still run, as if the steps before had taken so long.
     * False for tests of what is certain to be quicker than its time-out.
     */
    boolean timersEarly() default true;

    /** How many steps a run may have. */
    int maxSteps() default Explorer.MAX_STEPS;
}
