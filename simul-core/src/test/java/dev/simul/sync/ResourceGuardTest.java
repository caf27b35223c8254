package dev.simul.sync;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.VirtualTime;
import org.junit.jupiter.api.Test;

class ResourceGuardTest {

    private final VirtualTime time = new VirtualTime();

    @Test
    void secondCoroutineIsRefusedWhileTheFirstIsIn() throws Exception {
        time.run(() -> {
            var guard = new ResourceGuard("reading from");
            spawn("reader", () -> {
                try (var _ = guard.enter()) {
                    pass();
                    pass();
                }
            });
            pass();

            assertThatThrownBy(guard::enter)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage(
                            "reader is already reading from this: use it from one coroutine at a time, or put a Lock"
                                    + " around it");
            assertThat(guard).hasToString("ResourceGuard[reader reading from]");
            pass();
            pass();
            guard.enter().close();
            assertThat(guard.isEntered()).isFalse();
        });
    }
}
