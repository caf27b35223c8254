package dev.simul.test;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.test.TestLoop.cancelSometime;
import static dev.simul.test.TestLoop.clock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterleavingsTest {

    private final StringBuilder order = new StringBuilder();

    @BeforeEach
    void everyRunBeginsAnewInItsLoop() {
        assertThat(order).isEmpty();
        sleep(Duration.ofSeconds(1));
        order.append('>');
    }

    @AfterEach
    void everyRunEndsInItsLoop() {
        sleep(Duration.ofSeconds(1));
        assertThat(order).startsWith(">").hasSize(3);
    }

    @Interleavings(seeds = 20)
    void eachRunHasAnInstanceOfItsOwn() throws Exception {
        gather(() -> order.append('a'), () -> order.append('b'));
        assertThat(order).hasSize(3);
    }

    @Interleavings(seeds = 5, timersEarly = false)
    void clockIsAnewToo(TestInfo info) {
        assertThat(clock().elapsed()).isEqualTo(Duration.ofSeconds(1));
        assertThat(info.getDisplayName()).startsWith("clockIsAnewToo");
        order.append("..");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xy", "yx"})
    @ExtendWith(InterleavingsExtension.class)
    void otherKindsOfTestRunUnderSchedulesToo(String both) {
        order.append(both);
    }

    @Nested
    class Inside {
        private int count;

        @Interleavings(seeds = 5)
        void nestedTestsHaveFreshInstancesInThoseAroundThem() throws Exception {
            gather(() -> count++, () -> count++);
            assertThat(count).isEqualTo(2);
            assertThat(order).hasToString(">");
            order.append("..");
        }
    }

    @AsyncTest
    void singleRunCannotCancelSometime() {
        order.append("..");
        var task = spawn(() -> 1);
        assertThatIllegalStateException()
                .isThrownBy(() -> cancelSometime(task))
                .withMessageContaining("@Interleavings");
        sleep(Duration.ZERO);
    }
}
